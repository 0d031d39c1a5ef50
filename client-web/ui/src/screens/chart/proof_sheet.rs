//! The proof of one entry, made anew while it is shown, step by step.

use crate::components::icon::Icon;
use crate::components::provenance::ProvenanceLine;
use crate::components::sheet::Sheet;
use crate::engine::watch;
use crate::format::isolated::isolated;
use crate::format::time;
use crate::state::use_state;
use crate::words::w;
use domain::directory::Date;
use ids::EntryKey;
use interface::{ProofView, Query, View};
use leptos::prelude::*;

/// The sheet.
#[component]
pub(crate) fn ProofSheet(
    /// Of which entry.
    entry: EntryKey,
    /// Called when the person leaves it.
    on_close: Callback<()>,
) -> impl IntoView {
    let state = use_state();
    let entry = StoredValue::new(entry);
    let proof = watch(
        state.engine,
        move || {
            Some(Query::Proof {
                entry: entry.get_value(),
            })
        },
        |view| match view {
            View::Proof(proof) => Some(proof),
            _ => None,
        },
    );
    view! {
        <Sheet title=w().proof_title on_close=on_close>
            <p class="muted">{w().proof_words}</p>
            <div role="status">
                {move || proof.value.get().map(|proof| steps(proof, state.today()))}
                {move || {
                    proof
                        .refused
                        .get()
                        .map(|refusal| view! { <p class="refused">{(w().refusal)(&refusal)}</p> })
                }}
            </div>
        </Sheet>
    }
}

fn steps(proof: ProofView, today: Date) -> impl IntoView {
    let place = match proof.place {
        Some(place) => (w().proof_place_words)(
            place.log_id.to_string().get(..8).unwrap_or_default(),
            place.seq.0,
            place.roster_seq.0,
        ),
        None => w().proof_no_place.to_owned(),
    };
    let short = short_form(&proof.key);
    let named = match &proof.named {
        Some(named) if named.by == proof.by.person => (w().proof_named_self)(&short),
        Some(named) => (w().proof_named)(
            &isolated(&named.name),
            &time::when_full(named.at, today),
            &short,
        ),
        None => (w().proof_unnamed)(&short),
    };
    view! {
        <p class="verdict" class:wrong=!proof.holds>
            <Icon icon=if proof.holds { icondata_lu::LuShieldCheck } else { icondata_lu::LuShieldAlert }/>
            <strong>{if proof.holds { w().proof_holds } else { w().proof_fails }}</strong>
        </p>
        <p><ProvenanceLine by=proof.by/></p>
        <p class="muted">{named}</p>
        <ol class="checks">
            {proof
                .checks
                .into_iter()
                .map(|check| {
                    let (icon, words) = if check.holds {
                        (icondata_lu::LuCheck, w().holds)
                    } else {
                        (icondata_lu::LuX, w().does_not_hold)
                    };
                    view! {
                        <li class:wrong=!check.holds>
                            <Icon icon=icon/>
                            <span>{(w().proof_step)(check.check)}</span>
                            <b>{words}</b>
                        </li>
                    }
                })
                .collect_view()}
        </ol>
        <dl class="facts">
            <div><dt>{w().proof_envelope}</dt><dd><code>{proof.envelope}</code></dd></div>
            <div><dt>{w().proof_key}</dt><dd><code>{proof.key}</code></dd></div>
            <div><dt>{w().proof_place}</dt><dd>{place}</dd></div>
        </dl>
    }
}

/// The beginning of a key, in groups that can be read out.
fn short_form(key: &str) -> String {
    let shown: Vec<char> = key.chars().take(16).collect();
    let groups: Vec<String> = shown
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect();
    groups.join(" ")
}
