//! What screens are made of: one thing a component, one component a file.

pub(crate) mod alert_chip;
pub(crate) mod banner;
pub(crate) mod brand;
pub(crate) mod choice;
pub(crate) mod connection_panel;
pub(crate) mod deed_button;
pub(crate) mod entry_text;
pub(crate) mod icon;
pub(crate) mod keyed;
pub(crate) mod live_region;
pub(crate) mod news_score;
pub(crate) mod paper;
pub(crate) mod pill;
pub(crate) mod pin_pad;
pub(crate) mod provenance;
pub(crate) mod rail;
pub(crate) mod resident_row;
pub(crate) mod save_and_sign;
pub(crate) mod search_box;
pub(crate) mod sheet;
pub(crate) mod show_more;
pub(crate) mod text_field;
pub(crate) mod thin_line;
pub(crate) mod time_field;
pub(crate) mod top_bar;
pub(crate) mod trend;
