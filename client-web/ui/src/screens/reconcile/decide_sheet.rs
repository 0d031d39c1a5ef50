//! A decision with its reason, the resident named once more.

use super::sides::{about, chosen, root, title};
use crate::components::banner::ResidentEcho;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::focus;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::meta::Decision;
use interface::{Command, ContradictionView};
use leptos::prelude::*;

/// The sheet.
#[component]
pub(super) fn DecideSheet(
    /// On what.
    case: ContradictionView,
    /// What.
    decision: Decision,
    /// Called when it is decided or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let state = use_state();
    let deed = Deed::new();
    // Kept over a lock: whoever takes the decision up again finds the reason there.
    let key = format!("decide/{}", case.id);
    let reason = RwSignal::new(untrack(|| state.drafts.text(&key)));
    let kept = key.clone();
    Effect::new(move |_| state.drafts.keep(&kept, reason.get()));
    let left = key.clone();
    let leave = Callback::new(move |()| {
        state.drafts.keep(&left, String::new());
        on_close.run(());
    });
    let missing = RwSignal::new(None::<&'static str>);
    let today = untrack(|| state.today());
    let words = chosen(&case, &decision, today);
    // Which medicine, which slot: a resident may have several that wait.
    let of = root(&case).unwrap_or(&case);
    let kind = std::iter::once(title(&case))
        .chain(about(&of.sides, &of.effect, today))
        .collect::<Vec<_>>()
        .join(" · ");
    let resident = case.resident.clone();
    let decide = move |()| {
        let why = reason.get_untracked().trim().to_owned();
        if why.is_empty() {
            missing.set(Some(w().reason_missing));
            return focus::now("#decide-reason");
        }
        missing.set(None);
        let command = Command::Resolve {
            contradiction: case.id.clone(),
            decision: decision.clone(),
            reason: why,
        };
        let key = key.clone();
        let decided = async move {
            let done = state.drafts.save(key, command).await?;
            state.saved(w().deciding.decided_saved);
            Ok(done)
        };
        deed.run(decided, move |_| on_close.run(()));
    };
    view! {
        <Sheet title=w().deciding.decide_title on_close=leave>
            <p class="muted">{kind}</p>
            <p class="dose-words">{words}</p>
            {resident.map(|row| view! { <ResidentEcho row=row/> })}
            <TextField label=w().deciding.decide_reason id="decide-reason" value=reason error=missing lines=3/>
            <Refused deed=deed/>
            <div class="actions">
                <DeedButton
                    deed=deed
                    label=w().deciding.decide
                    style="primary big"
                    on_press=Callback::new(decide)
                />
                <button type="button" class="btn quiet big" on:click=move |_| leave.run(())>
                    {w().cancel}
                </button>
            </div>
        </Sheet>
    }
}
