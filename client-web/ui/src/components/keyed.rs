//! A list whose items stay in the page while what they say changes: a sheet that is open in one, or
//! words that are being typed, outlive whatever arrives meanwhile.

use leptos::prelude::*;
use std::collections::BTreeMap;
use std::hash::Hash;

/// The rows of a list, each with its signal, by key.
struct Kept<K, T>(BTreeMap<K, ArcRwSignal<T>>);

impl<K: Ord + Clone, T: Clone + PartialEq + Send + Sync + 'static> Kept<K, T> {
    /// Takes what the list says now: a row that was there keeps its signal.
    fn take(&mut self, rows: Vec<T>, key: fn(&T) -> K) -> Vec<(K, ArcRwSignal<T>)> {
        let mut before = std::mem::take(&mut self.0);
        let mut now = Vec::with_capacity(rows.len());
        for row in rows {
            let key = key(&row);
            let signal = match before.remove(&key) {
                Some(signal) => {
                    if signal.with_untracked(|old| *old != row) {
                        signal.set(row);
                    }
                    signal
                }
                None => ArcRwSignal::new(row),
            };
            self.0.insert(key.clone(), signal.clone());
            now.push((key, signal));
        }
        now
    }
}

/// The items of a list. `key` tells rows apart for as long as they exist; `item` is made once for
/// each.
pub(crate) fn keyed<K, T, V>(
    rows: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: fn(&T) -> K,
    item: impl Fn(RwSignal<T>) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    K: Ord + Clone + Hash + Send + Sync + 'static,
    T: Clone + PartialEq + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let kept = StoredValue::new(Kept(BTreeMap::new()));
    let each = move || {
        let rows = rows();
        kept.try_update_value(|kept| kept.take(rows, key))
            .unwrap_or_default()
    };
    view! {
        <For
            each=each
            key=|(key, _)| key.clone()
            children=move |(_, row): (K, ArcRwSignal<T>)| item(RwSignal::from(row))
        />
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_changes_stays_the_same_item_and_says_the_new() {
        let mut kept = Kept(BTreeMap::new());
        let key = |row: &(u8, &'static str)| row.0;
        let first = kept.take(vec![(1, "a"), (2, "b")], key);
        let second = kept.take(vec![(3, "c"), (1, "changed")], key);
        let keys: Vec<u8> = second.iter().map(|(key, _)| *key).collect();
        assert_eq!(keys, [3, 1]);
        // The signal that the item was made with has the new words.
        assert_eq!(first[0].1.get_untracked(), (1, "changed"));
        assert!(!kept.0.contains_key(&2));
    }
}
