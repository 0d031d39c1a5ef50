//! The sheets that charting opens over a chart: a dose, an order, a strike. They stand beside the
//! lists and not in them, so that what arrives meanwhile closes none. What one is about and what was
//! typed on it are one draft: who is locked out of it finds it open again, and who leaves it by hand
//! leaves what was typed.

use super::medicines::dose_now::Opened;
use super::medicines::dose_sheet::DoseSheet;
use super::medicines::order_sheet::OrderSheet;
use super::strike_sheet::StrikeSheet;
use super::use_chart;
use crate::components::sheet::Sheet;
use crate::components::time_field::StatedTime;
use crate::engine::{Watched, watch};
use crate::state::{State, use_state};
use crate::words::w;
use domain::{Fact, ResidentId};
use ids::EntryKey;
use interface::{Command, Done, HistoryRow, Query, Refusal, View};
use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Which sheet, and what it is about. What an entry says is not kept but asked for: a long note with
/// what it replaced is more than a draft may hold, and what is kept grows old.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "sheet", rename_all = "snake_case")]
pub(crate) enum Over {
    /// Chart a dose.
    Dose {
        /// Which, as it was shown.
        opened: Opened,
        /// As given, or not.
        given: bool,
    },
    /// What an order says, and its end.
    Order {
        /// Of the version that stands.
        entry: EntryKey,
    },
    /// Mark an entry as entered in error.
    Strike {
        /// Which.
        entry: EntryKey,
    },
}

/// Their names in the keys of drafts, each with the tab below it.
const PLACES: [(&str, &str); 3] = [
    ("dose", "medicines"),
    ("order", "medicines"),
    ("strike", "history"),
];

impl Over {
    const fn name(&self) -> &'static str {
        match self {
            Self::Dose { .. } => "dose",
            Self::Order { .. } => "order",
            Self::Strike { .. } => "strike",
        }
    }
}

/// The name and the tab of the sheet whose drafts have this name.
pub(super) fn place(name: &str) -> Option<(&'static str, &'static str)> {
    PLACES.into_iter().find(|(sheet, _)| *sheet == name)
}

/// A sheet with what was typed on it.
#[derive(Serialize, Deserialize)]
struct Kept {
    over: Over,
    typed: Value,
}

/// The draft of an open sheet.
#[derive(Clone, Copy)]
pub(super) struct OverDraft {
    state: State,
    resident: ResidentId,
    name: &'static str,
    over: StoredValue<Over>,
}

impl OverDraft {
    fn key(self) -> String {
        format!("{}/{}", self.name, self.resident)
    }

    /// What was typed on this sheet about this, before a lock.
    pub(super) fn typed<T: DeserializeOwned + Default>(self) -> T {
        let kept = kept(self.state, &self.key());
        let of_this = kept.filter(|kept| self.over.with_value(|over| *over == kept.over));
        of_this
            .and_then(|kept| serde_json::from_value(kept.typed).ok())
            .unwrap_or_default()
    }

    /// When it is stated to have happened, kept too.
    pub(super) fn stated_time(self) -> StatedTime {
        StatedTime::drafted(self.state, &self.key())
    }

    /// Keeps what is typed.
    pub(super) fn keep<T: Serialize + Default + PartialEq>(self, typed: &T) {
        let text = match (*typed == T::default(), serde_json::to_value(typed)) {
            (false, Ok(typed)) => {
                let over = self.over.get_value();
                serde_json::to_string(&Kept { over, typed }).unwrap_or_default()
            }
            _ => String::new(),
        };
        self.state.drafts.keep(&self.key(), text);
    }

    /// Saves what was typed; see [`crate::state::drafts::Drafts::save`].
    ///
    /// # Errors
    /// What the engine refused.
    pub(super) async fn save(self, command: Command) -> Result<Done, Refusal> {
        self.state.drafts.save(self.key(), command).await
    }

    /// It was left.
    pub(super) fn discard(self) {
        self.state.drafts.discard(&self.key());
    }
}

fn kept(state: State, key: &str) -> Option<Kept> {
    serde_json::from_str(&state.drafts.text(key)).ok()
}

/// The sheet that is open, if one is.
#[component]
pub(super) fn Overs() -> impl IntoView {
    let state = use_state();
    let chart = use_chart();
    let open = chart.over;
    // Once for each chart that is opened: who leaves a sheet leaves it.
    Effect::new(move |done: Option<bool>| {
        if done == Some(true) || !state.drafts.loaded.get() {
            return done == Some(true);
        }
        let left = PLACES.into_iter().find_map(|(name, _)| {
            let key = format!("{name}/{}", chart.resident);
            untrack(|| kept(state, &key))
        });
        if let Some(left) = left
            && open.with_untracked(Option::is_none)
        {
            open.set(Some(left.over));
        }
        true
    });
    view! {
        {move || {
            open.get()
                .map(|over| {
                    let draft = OverDraft {
                        state,
                        resident: chart.resident,
                        name: over.name(),
                        over: StoredValue::new(over.clone()),
                    };
                    let close = Callback::new(move |()| {
                        draft.discard();
                        open.set(None);
                    });
                    match over {
                        Over::Dose { opened, given } => {
                            view! {
                                <DoseSheet opened=opened given=given draft=draft on_close=close/>
                            }
                                .into_any()
                        }
                        Over::Order { entry } => {
                            view! {
                                <AboutEntry
                                    entry=entry
                                    title=w().ending.title
                                    draft=draft
                                    on_close=close
                                    sheet=order_sheet
                                />
                            }
                                .into_any()
                        }
                        Over::Strike { entry } => {
                            view! {
                                <AboutEntry
                                    entry=entry
                                    title=w().strike_title
                                    draft=draft
                                    on_close=close
                                    sheet=strike_sheet
                                />
                            }
                                .into_any()
                        }
                    }
                })
        }}
    }
}

/// A sheet about an entry, as soon as that is here. It is not made anew when the entry changes: what is
/// done on it is judged by the engine.
#[component]
fn AboutEntry(
    entry: EntryKey,
    /// While there is nothing to show but why.
    title: &'static str,
    draft: OverDraft,
    on_close: Callback<()>,
    sheet: fn(HistoryRow, OverDraft, Callback<()>) -> AnyView,
) -> impl IntoView {
    let asked: Watched<Box<HistoryRow>> = watch(
        use_state().engine,
        move || {
            Some(Query::Entry {
                entry: entry.clone(),
            })
        },
        |view| match view {
            View::Entry(row) => Some(row),
            _ => None,
        },
    );
    let first = Memo::new(move |before: Option<&Option<Box<HistoryRow>>>| {
        before.cloned().flatten().or_else(|| asked.value.get())
    });
    let refused = move || {
        let refusal = asked.refused.get();
        refusal.map(|refusal| {
            view! {
                <Sheet title=title on_close=on_close>
                    <p class="refused">{(w().refusal)(&refusal)}</p>
                </Sheet>
            }
        })
    };
    move || match first.get() {
        Some(row) => sheet(*row, draft, on_close),
        None => refused().into_any(),
    }
}

fn order_sheet(row: HistoryRow, draft: OverDraft, on_close: Callback<()>) -> AnyView {
    let HistoryRow { by, fact, .. } = row;
    match fact {
        Some(Fact::Order(order)) => {
            view! { <OrderSheet order=order by=by draft=draft on_close=on_close/> }.into_any()
        }
        _ => ().into_any(),
    }
}

fn strike_sheet(row: HistoryRow, draft: OverDraft, on_close: Callback<()>) -> AnyView {
    view! { <StrikeSheet row=row draft=draft on_close=on_close/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::UnixMillis;

    #[test]
    fn what_is_kept_of_a_sheet_about_an_entry_is_its_key_whatever_the_entry_says() {
        let entry = EntryKey::from_parts(UnixMillis(1), [7; 10]);
        for over in [
            Over::Order {
                entry: entry.clone(),
            },
            Over::Strike { entry },
        ] {
            let kept = Kept {
                over: over.clone(),
                typed: Value::String("the wrong resident".to_owned()),
            };
            let text = serde_json::to_string(&kept).unwrap();
            assert!(text.len() < 200, "{text}");
            let again: Kept = serde_json::from_str(&text).unwrap();
            assert_eq!((again.over, again.typed), (over, kept.typed));
        }
    }
}
