//! Documents as the view keeps them: a save and the changes after it, so that a document can be
//! opened again without going through its envelopes.

use super::{DocumentChunk, ViewDb, ViewError};
use domain::Document;
use ids::{DocumentId, EnvelopeId};
use rusqlite::OptionalExtension;

/// A document as stored: load `save`, then apply `chunks` in order.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoredDocument {
    /// What it is.
    pub(crate) what: Document,
    /// Its last save, if one was kept.
    pub(crate) save: Option<Vec<u8>>,
    /// Changes that came after the save, in the order they were applied.
    pub(crate) chunks: Vec<Vec<u8>>,
}

impl ViewDb {
    /// A document, if anything of it is here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn document(&self, id: &DocumentId) -> Result<Option<StoredDocument>, ViewError> {
        let row = self
            .statement("SELECT id, what, save FROM @.documents WHERE document = ?1")?
            .query_row([id.as_bytes()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get(2)?))
            })
            .optional()?;
        let Some((number, what, save)) = row else {
            return Ok(None);
        };
        let chunks = self
            .statement("SELECT bytes FROM @.chunks WHERE document = ?1 ORDER BY number")?
            .query_map([number], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        Ok(Some(StoredDocument {
            what: parse(&what)?,
            save,
            chunks,
        }))
    }

    /// Whether entries of an envelope are in this view.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn has_applied(&self, envelope: &EnvelopeId) -> Result<bool, ViewError> {
        let found = self
            .statement("SELECT 1 FROM @.envelopes WHERE envelope = ?1 AND document IS NOT NULL")?
            .query_row([envelope.as_bytes()], |_| Ok(()))
            .optional()?;
        Ok(found.is_some())
    }

    /// Keeps a new save of a document that covers every change stored of it, and drops those.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn replace_save(&mut self, id: &DocumentId, save: &[u8]) -> Result<(), ViewError> {
        let tx = self.conn.unchecked_transaction()?;
        self.statement("UPDATE @.documents SET save = ?2 WHERE document = ?1")?
            .execute((id.as_bytes(), save))?;
        self.statement(
            "DELETE FROM @.chunks
             WHERE document = (SELECT id FROM @.documents WHERE document = ?1)",
        )?
        .execute([id.as_bytes()])?;
        tx.commit()?;
        Ok(())
    }

    /// Documents of which more than `chunks` changes came after their save.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn documents_with_chunks_over(
        &self,
        chunks: usize,
    ) -> Result<Vec<DocumentId>, ViewError> {
        let chunks = i64::try_from(chunks).unwrap_or(i64::MAX);
        Ok(self
            .statement(
                "SELECT document FROM @.documents WHERE id IN
                    (SELECT document FROM @.chunks GROUP BY document HAVING count(*) > ?1)",
            )?
            .query_map([chunks], |row| {
                row.get::<_, [u8; 16]>(0).map(DocumentId::from_bytes)
            })?
            .collect::<Result<_, _>>()?)
    }

    /// One row a document, ascending: its id and a hash over its sorted entries, each with its
    /// key, its value and whether it is withheld. Equal on tablets that hold the same record,
    /// whatever the order it arrived in.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn digest(&self) -> Result<Vec<(DocumentId, [u8; 32])>, ViewError> {
        let mut digests: Vec<(DocumentId, blake3::Hasher)> = Vec::new();
        let mut statement = self.statement(
            "SELECT d.document, e.key, e.value, e.state
             FROM @.entries e
             JOIN @.envelopes v ON v.id = e.envelope
             JOIN @.documents d ON d.id = v.document
             ORDER BY d.document, e.key",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let document = DocumentId::from_bytes(row.get(0)?);
            if digests.last().is_none_or(|(last, _)| *last != document) {
                digests.push((document, blake3::Hasher::new()));
            }
            let (key, value, state): (String, Vec<u8>, u8) =
                (row.get(1)?, row.get(2)?, row.get(3)?);
            if let Some((_, hasher)) = digests.last_mut() {
                hasher.update(key.as_bytes());
                hasher.update(&[state]);
                hasher.update(blake3::hash(&value).as_bytes());
            }
        }
        Ok(digests
            .into_iter()
            .map(|(id, hasher)| (id, hasher.finalize().into()))
            .collect())
    }

    /// The row number of a document, which is created when it is not known yet.
    pub(super) fn document_number(
        &self,
        id: &DocumentId,
        what: &Document,
    ) -> Result<i64, ViewError> {
        let number = self
            .statement("SELECT id FROM @.documents WHERE document = ?1")?
            .query_row([id.as_bytes()], |row| row.get(0))
            .optional()?;
        if let Some(number) = number {
            return Ok(number);
        }
        let what = serde_json::to_string(what).map_err(|_| ViewError::Rebuild("document"))?;
        self.statement("INSERT INTO @.documents (document, what) VALUES (?1, ?2)")?
            .execute((id.as_bytes(), what))?;
        Ok(self.conn.last_insert_rowid())
    }

    pub(super) fn keep_chunk(&self, chunk: &DocumentChunk) -> Result<(), ViewError> {
        let document = self.document_number(&chunk.document, &chunk.what)?;
        self.statement(
            "INSERT OR IGNORE INTO @.chunks (document, hash, bytes) VALUES (?1, ?2, ?3)",
        )?
        .execute((document, chunk.hash.as_bytes(), &chunk.bytes))?;
        Ok(())
    }
}

/// Reads the stored form of [`Document`].
pub(super) fn parse(what: &str) -> Result<Document, ViewError> {
    serde_json::from_str(what).map_err(|_| ViewError::Rebuild("document"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Batch;
    use crate::view::tests::empty;
    use domain::{DocumentKind, Stream, Subject};
    use ids::{ChangeHash, EnvelopeId, StatedInstant, UnixMillis};

    const ID: DocumentId = DocumentId::from_bytes([4; 16]);

    fn what() -> Document {
        let stated = StatedInstant {
            at: UnixMillis(1_795_269_600_000),
            offset_minutes: 0,
        };
        Document::of(DocumentKind::Facility, Subject::Facility, stated).unwrap()
    }

    fn batch(number: i64, changes: &[u8]) -> Batch {
        let chunk = |n: &u8| DocumentChunk {
            document: ID,
            what: what(),
            hash: ChangeHash::from_bytes([*n; 32]),
            bytes: vec![*n],
        };
        Batch {
            chunks: changes.iter().map(chunk).collect(),
            watermark: (number, EnvelopeId::from_bytes([1; 32])),
            ..Batch::default()
        }
    }

    #[test]
    fn a_document_keeps_its_chunks_in_order_and_each_once() {
        let mut view = empty(Stream::Directory);
        assert_eq!(view.document(&ID).unwrap(), None);
        view.project(batch(1, &[7, 3])).unwrap();
        view.project(batch(2, &[3, 9])).unwrap();
        let stored = view.document(&ID).unwrap().unwrap();
        assert_eq!((stored.what, stored.save), (what(), None));
        assert_eq!(stored.chunks, [[7], [3], [9]]);
        assert_eq!(view.watermark().unwrap().0, 2);
    }

    #[test]
    fn a_save_takes_the_place_of_the_chunks_before_it() {
        let mut view = empty(Stream::Directory);
        view.project(batch(1, &[7, 3])).unwrap();
        assert_eq!(view.documents_with_chunks_over(1).unwrap(), [ID]);
        assert_eq!(view.documents_with_chunks_over(2).unwrap(), []);
        view.replace_save(&ID, b"saved").unwrap();
        view.project(batch(2, &[9])).unwrap();
        let stored = view.document(&ID).unwrap().unwrap();
        assert_eq!(stored.save.as_deref(), Some(b"saved".as_slice()));
        assert_eq!(stored.chunks, [[9]]);
        assert_eq!(view.documents_with_chunks_over(1).unwrap(), []);
    }
}
