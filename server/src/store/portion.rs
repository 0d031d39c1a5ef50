//! A portion of what is stored: as many items as fit into a number of bytes, and at least one.

use super::StoredWrap;

/// Takes items until their bytes reach `max_bytes`, at least one, and asks for none after that.
pub(super) fn until_bytes<T, E>(
    items: impl IntoIterator<Item = Result<T, E>>,
    max_bytes: usize,
    len: impl Fn(&T) -> usize,
) -> Result<Vec<T>, E> {
    let mut bytes = 0usize;
    let mut taken = Vec::new();
    let mut items = items.into_iter();
    while bytes < max_bytes {
        let Some(item) = items.next() else { break };
        let item = item?;
        bytes = bytes.saturating_add(len(&item));
        taken.push(item);
    }
    Ok(taken)
}

/// Takes wraps until their bytes reach a bound, but all of the last roster entry's.
#[derive(Debug)]
pub(super) struct WholeEntries {
    pub(super) taken: Vec<StoredWrap>,
    bytes: usize,
    max_bytes: usize,
}

impl WholeEntries {
    pub(super) fn new(max_bytes: usize) -> Self {
        Self {
            taken: Vec::new(),
            bytes: 0,
            max_bytes,
        }
    }

    /// Takes the next; `false` when it is one too many, as all after it are.
    pub(super) fn take(&mut self, wrap: StoredWrap) -> bool {
        let last = self.taken.last();
        let new_entry = last.is_none_or(|last| last.roster_seq != wrap.roster_seq);
        if new_entry && self.bytes >= self.max_bytes {
            return false;
        }
        self.bytes = self.bytes.saturating_add(wrap.bytes.len());
        self.taken.push(wrap);
        true
    }
}
