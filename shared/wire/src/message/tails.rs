//! The messages whose envelopes, skeletons or pieces travel as a raw tail.

use super::frame::{Frame, bounded, cut, read};
use super::{BlobChunk, BlobPut, Fetched, Item, Items, MessageError, Push, Skeletons};
use crate::codec::{append_cbor, length};
use crate::envelope::{SKELETON_LEN, Skeleton};
use bytes::Bytes;
use ids::{BlobId, ChainHash, DocumentId, LogId, RosterSeq, Seq, StreamId, limits};
use minicbor::{Decode, Encode};

#[derive(Encode, Decode)]
struct PushHead {
    #[n(0)]
    request: u32,
    #[n(1)]
    lens: Vec<u32>,
}

impl Frame for Push {
    fn write(&self, out: &mut Vec<u8>) {
        let lens = self.envelopes.iter().map(|e| length(e.len())).collect();
        append_cbor(
            &PushHead {
                request: self.request,
                lens,
            },
            out,
        );
        for envelope in &self.envelopes {
            out.extend_from_slice(envelope);
        }
    }

    fn decode(name: &'static str, whole: &Bytes) -> Result<Self, MessageError> {
        let (head, tail) = read::<PushHead>(name, whole)?;
        bounded(name, head.lens.len() <= limits::PUSH_ENVELOPES)?;
        let envelopes = cut(name, tail, head.lens.into_iter())?;
        Ok(Self {
            request: head.request,
            envelopes,
        })
    }

    fn size_hint(&self) -> usize {
        16 + self.envelopes.iter().map(|e| e.len() + 5).sum::<usize>()
    }
}

#[derive(Encode, Decode)]
struct ItemHead {
    #[n(0)]
    seq: Seq,
    #[n(1)]
    roster_seq: RosterSeq,
    #[n(2)]
    len: u32,
}

fn item_heads(rows: &[Item]) -> Vec<ItemHead> {
    let head = |row: &Item| ItemHead {
        seq: row.seq,
        roster_seq: row.roster_seq,
        len: length(row.envelope.len()),
    };
    rows.iter().map(head).collect()
}

fn items(name: &'static str, heads: Vec<ItemHead>, tail: Bytes) -> Result<Vec<Item>, MessageError> {
    bounded(name, heads.len() <= limits::GROUP_COMMIT_ENVELOPES)?;
    let envelopes = cut(name, tail, heads.iter().map(|head| head.len))?;
    let join = |(head, envelope): (ItemHead, Bytes)| Item {
        seq: head.seq,
        roster_seq: head.roster_seq,
        envelope,
    };
    Ok(heads.into_iter().zip(envelopes).map(join).collect())
}

fn items_size(rows: &[Item]) -> usize {
    64 + rows
        .iter()
        .map(|row| row.envelope.len() + 24)
        .sum::<usize>()
}

#[derive(Encode, Decode)]
struct ItemsHead {
    #[n(0)]
    stream: StreamId,
    #[n(1)]
    log_id: LogId,
    #[n(2)]
    first: Seq,
    #[n(3)]
    rows: Vec<ItemHead>,
}

impl Frame for Items {
    fn write(&self, out: &mut Vec<u8>) {
        let rows = item_heads(&self.rows);
        let (stream, log_id, first) = (self.stream, self.log_id, self.first);
        append_cbor(
            &ItemsHead {
                stream,
                log_id,
                first,
                rows,
            },
            out,
        );
        for row in &self.rows {
            out.extend_from_slice(&row.envelope);
        }
    }

    fn decode(name: &'static str, whole: &Bytes) -> Result<Self, MessageError> {
        let (head, tail) = read::<ItemsHead>(name, whole)?;
        let rows = items(name, head.rows, tail)?;
        Ok(Self {
            stream: head.stream,
            log_id: head.log_id,
            first: head.first,
            rows,
        })
    }

    fn size_hint(&self) -> usize {
        items_size(&self.rows)
    }
}

#[derive(Encode, Decode)]
struct FetchedHead {
    #[n(0)]
    request: u32,
    #[n(1)]
    stream: StreamId,
    #[n(2)]
    log_id: LogId,
    #[n(3)]
    more: bool,
    #[n(4)]
    rows: Vec<ItemHead>,
}

impl Frame for Fetched {
    fn write(&self, out: &mut Vec<u8>) {
        let head = FetchedHead {
            request: self.request,
            stream: self.stream,
            log_id: self.log_id,
            more: self.more,
            rows: item_heads(&self.rows),
        };
        append_cbor(&head, out);
        for row in &self.rows {
            out.extend_from_slice(&row.envelope);
        }
    }

    fn decode(name: &'static str, whole: &Bytes) -> Result<Self, MessageError> {
        let (head, tail) = read::<FetchedHead>(name, whole)?;
        let rows = items(name, head.rows, tail)?;
        let FetchedHead {
            request,
            stream,
            log_id,
            more,
            ..
        } = FetchedHead {
            rows: Vec::new(),
            ..head
        };
        Ok(Self {
            request,
            stream,
            log_id,
            more,
            rows,
        })
    }

    fn size_hint(&self) -> usize {
        items_size(&self.rows)
    }
}

#[derive(Encode, Decode)]
struct SkeletonsHead {
    #[n(0)]
    request: u32,
    #[n(1)]
    stream: StreamId,
    #[n(2)]
    log_id: LogId,
    #[n(3)]
    first: Seq,
    #[n(4)]
    before: ChainHash,
    #[n(5)]
    roster: Vec<RosterSeq>,
}

impl Frame for Skeletons {
    fn write(&self, out: &mut Vec<u8>) {
        let head = SkeletonsHead {
            request: self.request,
            stream: self.stream,
            log_id: self.log_id,
            first: self.first,
            before: self.before,
            roster: self.rows.iter().map(|row| row.0).collect(),
        };
        append_cbor(&head, out);
        for (_, skeleton) in &self.rows {
            out.extend_from_slice(&skeleton.to_bytes());
        }
    }

    fn decode(name: &'static str, whole: &Bytes) -> Result<Self, MessageError> {
        let (head, tail) = read::<SkeletonsHead>(name, whole)?;
        let (skeletons, rest) = tail.as_chunks::<SKELETON_LEN>();
        if !rest.is_empty() || skeletons.len() != head.roster.len() {
            return Err(MessageError::Tail(name));
        }
        let skeletons = skeletons.iter().filter_map(|s| Skeleton::from_slice(s));
        let rows = head.roster.into_iter().zip(skeletons).collect();
        Ok(Self {
            request: head.request,
            stream: head.stream,
            log_id: head.log_id,
            first: head.first,
            before: head.before,
            rows,
        })
    }

    fn size_hint(&self) -> usize {
        128 + self.rows.len() * (SKELETON_LEN + 9)
    }
}

#[derive(Encode, Decode)]
struct BlobPutHead {
    #[n(0)]
    request: u32,
    #[n(1)]
    stream: StreamId,
    #[n(2)]
    blob: BlobId,
    #[n(3)]
    total: u64,
    #[n(4)]
    offset: u64,
    #[n(5)]
    document: DocumentId,
}

/// Whether a piece lies within its attachment and both within their bounds.
fn piece_fits(total: u64, offset: u64, piece: &Bytes) -> bool {
    let end = offset.saturating_add(u64::from(length(piece.len())));
    piece.len() <= limits::ATTACHMENT_CHUNK_BYTES
        && total <= limits::ATTACHMENT_BYTES
        && end <= total
}

impl Frame for BlobPut {
    fn write(&self, out: &mut Vec<u8>) {
        let (request, stream, blob) = (self.request, self.stream, self.blob);
        let (total, offset, document) = (self.total, self.offset, self.document);
        append_cbor(
            &BlobPutHead {
                request,
                stream,
                blob,
                total,
                offset,
                document,
            },
            out,
        );
        out.extend_from_slice(&self.piece);
    }

    fn decode(name: &'static str, whole: &Bytes) -> Result<Self, MessageError> {
        let (head, piece) = read::<BlobPutHead>(name, whole)?;
        bounded(name, piece_fits(head.total, head.offset, &piece))?;
        let BlobPutHead {
            request,
            stream,
            blob,
            total,
            offset,
            document,
        } = head;
        Ok(Self {
            request,
            stream,
            blob,
            total,
            offset,
            document,
            piece,
        })
    }

    fn size_hint(&self) -> usize {
        64 + self.piece.len()
    }
}

#[derive(Encode, Decode)]
struct BlobChunkHead {
    #[n(0)]
    request: u32,
    #[n(1)]
    blob: BlobId,
    #[n(2)]
    total: u64,
    #[n(3)]
    offset: u64,
}

impl Frame for BlobChunk {
    fn write(&self, out: &mut Vec<u8>) {
        let (request, blob, total, offset) = (self.request, self.blob, self.total, self.offset);
        append_cbor(
            &BlobChunkHead {
                request,
                blob,
                total,
                offset,
            },
            out,
        );
        out.extend_from_slice(&self.piece);
    }

    fn decode(name: &'static str, whole: &Bytes) -> Result<Self, MessageError> {
        let (head, piece) = read::<BlobChunkHead>(name, whole)?;
        bounded(name, piece_fits(head.total, head.offset, &piece))?;
        let BlobChunkHead {
            request,
            blob,
            total,
            offset,
        } = head;
        Ok(Self {
            request,
            blob,
            total,
            offset,
            piece,
        })
    }

    fn size_hint(&self) -> usize {
        64 + self.piece.len()
    }
}
