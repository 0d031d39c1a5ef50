//! English: allergies and code status.

use super::Text;
use super::en_clinical as clinical;
use domain::chart::{CodeStatusChoice, Severity};
use interface::Unreadable;

table! { REGISTERS;
    allergy_title: Text = "Record an allergy";
    allergy_substance: Text = "Substance";
    allergy_substance_missing: Text = "Name the substance.";
    allergy_reaction: Text = "What happens (optional)";
    allergy_severity: Text = "How bad";
    allergy_source: Text = "Who says so (optional)";
    allergy_none_known: Text = "None known";
    allergy_to: Text = "Allergy";
    allergy_what: Text = "What is recorded";
    allergy_none_words: Text = "Recorded as asked today, and none known.";
    allergy_beside_none: Text =
        "“None known” stands in this chart. Both stay until someone decides under Reconcile; until then the allergy counts.";
    severity: fn(Severity) -> Text = clinical::severity;
    severity_unknown: Text = "Not known";
    allergy_saved: Text = "Allergy saved on this tablet.";
    code_title: Text = "Record code status";
    code_choice: Text = "Code status";
    code_comment: Text = "Limits, or where it is written (optional)";
    code_stated_by: Text = "Stated by (resident, daughter, physician…)";
    code_stated_by_missing: Text = "Say who stated it.";
    code_replaces: Text = "It replaces what is shown now:";
    code_waits: Text =
        "Two answers stand and wait for a decision. This one is recorded beside them and replaces none.";
    code_decide: Text = "Decide under Reconcile";
    code_choose: Text = "Choose one.";
    code_saved: Text = "Code status saved on this tablet.";
    code_choice_name: fn(CodeStatusChoice) -> Text = clinical::code_status;
    code_choice_short: fn(CodeStatusChoice) -> Text = clinical::code_status_short;
    stated_by: fn(&str) -> String = |who| format!("stated by {who}");
    chip_code_contradicted: fn(&str) -> String = |choice| format!("{choice} · answers differ");
    counts_until_decided: Text = "Counts until decided";
    counts: Text = "Counts";
    does_not_count: Text = "Does not count";
    chip_no_code_status: Text = "No code status";
    chip_no_allergies: fn(&str) -> String = |date| format!("No known allergies ({date})");
    chip_allergies_unknown: Text = "Allergies not asked";
    chip_not_open: Text = "Charts are not open here: warnings not known";
    chip_ahead: Text = "An entry is stated in the future";
    chip_more: fn(u32) -> String = |count| format!("and {count} more warnings");
    chip_newer_version: fn(Unreadable) -> Text = |what| match what {
        Unreadable::Allergy => "Allergy not readable here",
        Unreadable::CodeStatus => "Code status not readable here",
        Unreadable::Order => "Order not readable here",
    };
    newer_version: fn(Unreadable) -> Text = |what| match what {
        Unreadable::Allergy => "A newer version of Lamplight wrote an allergy here that this tablet cannot show: look at another tablet or ask who wrote it (History)",
        Unreadable::CodeStatus => "A newer version of Lamplight wrote a code status here that this tablet cannot show: look at another tablet or ask who wrote it (History)",
        Unreadable::Order => "A newer version of Lamplight wrote an order here that this tablet cannot show: look at another tablet or ask who wrote it (History)",
    };
    chip_allergy_contradiction: Text = "Allergy and “none known”";
}
