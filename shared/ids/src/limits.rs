//! Every bound of the system, in one place. Bounds only ever grow: a replica that accepted `n`
//! yesterday must accept it for ever, because the record holds it. Each has a test at `n` and
//! `n + 1` beside the code that enforces it.

/// Bytes of one WebSocket frame after authentication; longer messages are chunked.
pub const FRAME_BYTES: usize = 65_536;
/// Bytes of one WebSocket frame before authentication.
pub const FRAME_BYTES_BEFORE_AUTH: usize = 4_096;
/// Bytes of one reassembled message: the longest envelope and its framing.
pub const MESSAGE_BYTES: usize = ENVELOPE_BYTES + 4_096;
/// Milliseconds a peer has to finish the handshake.
pub const HANDSHAKE_MS: i64 = 5_000;
/// Milliseconds until the first byte of a connection must have come.
pub const FIRST_BYTE_MS: i64 = 5_000;
/// Milliseconds until an HTTP request's headers must be complete.
pub const HEADER_READ_MS: i64 = 5_000;
/// Milliseconds within which an HTTP connection may ask, unless it becomes a WebSocket.
pub const KEEP_ALIVE_MS: i64 = 5_000;
/// Milliseconds an HTTP connection may last without a byte moving.
pub const HTTP_STALL_MS: i64 = 30_000;
/// Connections to the metrics' own listener.
pub const METRICS_CONNECTIONS: usize = 16;
/// Bytes of an HTTP request's headers.
pub const HTTP_HEADER_BYTES: usize = 16_384;
/// Header fields of one HTTP request.
pub const HTTP_HEADERS: usize = 64;
/// Events of connections that wait for the relay's core; a socket whose event finds no room reads
/// nothing further.
pub const CORE_EVENTS: usize = 256;
/// Sessions of one device at once; a further one takes the oldest one's place. More than one,
/// because a connection that broke without a word is noticed late.
pub const SESSIONS_PER_DEVICE: usize = 4;
/// Runs a relay remembers between group commits. A device writes few documents at a time; a run
/// that was forgotten costs one look into the store.
pub const RUNS_REMEMBERED: usize = 16_384;
/// Documents an engine keeps open; opening one again costs a few milliseconds.
pub const OPEN_DOCUMENTS: usize = 96;
/// Keys that may wait at a sign-in. Who types more than that is not typing.
pub const KEYS_IN_LINE: usize = 128;
/// Milliseconds of silence after which a peer is pinged.
pub const PING_INTERVAL_MS: i64 = 20_000;
/// Milliseconds a pong may take.
pub const PONG_MS: i64 = 10_000;
/// Missed pongs after which a connection is given up.
pub const PONG_MISSES: u32 = 2;
/// Connections per address by default (a home is often one address).
pub const CONNECTIONS_PER_ADDRESS: usize = 256;
/// Connections that have not authenticated, in all.
pub const CONNECTIONS_UNAUTHENTICATED: usize = 256;
/// Connections in all, by default.
pub const CONNECTIONS: usize = 2_000;
/// Frames waiting for one slow reader.
pub const OUTBOUND_FRAMES: usize = 64;
/// Bytes waiting for one slow reader.
pub const OUTBOUND_BYTES: usize = 524_288;
/// Requests of one peer in flight.
pub const REQUESTS_IN_FLIGHT: usize = 16;
/// Envelopes in one push.
pub const PUSH_ENVELOPES: usize = 256;
/// Byte credit a reader grants at once.
pub const CREDIT_BYTES: u64 = 1_048_576;
/// Bytes of envelopes one stream holds ahead of their turn: what credit allows, and the one group
/// commit that may overdraw it.
pub const AHEAD_BYTES: u64 = 10_490_220;
/// Receipts one stream holds for places that are not reached yet.
pub const RECEIPTS_AHEAD: usize = 1_024;
/// Faults of relays that a device keeps with what shows them.
pub const RELAY_FAULTS: usize = 64;
/// Pushes a client has on the way at once.
pub const PUSHES_IN_FLIGHT: usize = 8;
/// Envelopes a client puts into one push.
pub const PUSH_ENVELOPES_SENT: usize = 64;
/// Bytes of envelopes after which a client begins another push.
pub const PUSH_BYTES: usize = 57_344;
/// Outbox rows read at once when a device starts: ids, not bodies.
pub const OUTBOX_PAGE: usize = 4_096;
/// Milliseconds before what the relay put off is tried again.
pub const PUSH_RETRY_MS: i64 = 2_000;
/// Milliseconds after a failure of the disk before it is read again: no storm of tries.
pub const READ_AGAIN_MS: i64 = 2_000;
/// Milliseconds that the time of the last exchange may lie behind on the disk of a tablet that is
/// killed.
pub const LATELY_KEPT_MS: i64 = 300_000;
/// Milliseconds for which a grave change of who belongs stands out: by then it was looked into, and a
/// warning that never ends is not read.
pub const STANDS_OUT_MS: i64 = 2_592_000_000;
/// Milliseconds after somebody joined within which what they are granted is part of their joining.
pub const JOINING_MS: i64 = 3_600_000;
/// Milliseconds between two marks of what is here, of one stream, while rows stream in.
pub const SEEN_INTERVAL_MS: i64 = 1_000;
/// Milliseconds an answer about own work may wait for the relay's signature before the connection is
/// made anew.
pub const CLAIM_MS: i64 = 30_000;
/// Notices a native process keeps for whoever asks.
pub const NOTICES_KEPT: usize = 1_024;
/// Milliseconds a relay that stops can ask its clients to stay away.
pub const DRAIN_MS: u32 = 60_000;
/// Bytes of an envelope's body.
pub const ENVELOPE_BODY_BYTES: usize = 1_048_576;
/// Bytes of the body of an envelope that may have to be carried: changes, snapshot and slot. What
/// fits neither through a rotation nor into a `carried` envelope could never be sent.
pub const CARRIABLE_BODY_BYTES: usize = 1_015_808 + 16;
/// Rows whose older places one message proves.
pub const OLD_ROWS: usize = 4_096;
/// Rows with an older place that a client remembers in one connection; a relay that names more is not
/// honest.
pub const OLDER_PLACES: usize = 65_536;
/// Bytes of a passphrase, in normal form, at least: five words of a list are longer.
pub const PASSPHRASE_BYTES_MIN: usize = 12;
/// Bytes of a passphrase, typed and in normal form, at most.
pub const PASSPHRASE_BYTES: usize = 1_024;
/// Bytes of a passkey's credential id.
pub const CREDENTIAL_BYTES: usize = 1_023;
/// Persons in charge to whom one night slot is sealed.
pub const NIGHT_RECIPIENTS: usize = 512;
/// Bytes of a whole envelope: header, nonce, body, two signatures.
pub const ENVELOPE_BYTES: usize = 212 + 24 + ENVELOPE_BODY_BYTES + 128;
/// Bytes a sealed body may inflate to.
pub const INFLATED_BYTES: usize = 4_194_304;
/// Bytes of one entry's value.
pub const ENTRY_BYTES: usize = 32_768;
/// Entries in one change.
pub const ENTRIES_PER_CHANGE: usize = 4_096;
/// Changes in one envelope.
pub const CHANGES_PER_ENVELOPE: usize = 1_024;
/// Dependencies of one change.
pub const DEPS_PER_CHANGE: usize = 64;
/// Actors in one part of a snapshot.
pub const ACTORS_PER_SNAPSHOT: usize = 4_096;
/// Stretches of one actor's changes, each judged as one, in one snapshot.
pub const SPANS_PER_ACTOR: usize = 4_096;
/// Parts of one snapshot.
pub const SNAPSHOT_PARTS: usize = 64;
/// Envelopes of an older epoch in one `carried` envelope.
pub const CARRIED_ENVELOPES: usize = 1_024;
/// Acts in one record of the audit.
pub const RECORD_ACTS: usize = 256;
/// Bytes of a carry file's content in one sealed piece.
pub const CARRY_PIECE_BYTES: usize = 65_520;
/// Envelopes that one part of a snapshot covers.
pub const COVERED_PER_SNAPSHOT: usize = 4_096;
/// Changes of one actor waiting in one document for dependencies.
pub const WAITING_PER_AUTHOR: usize = 1_024;
/// Envelopes of one person waiting in one stream for keys or dependencies.
pub const WAITING_PER_PERSON: usize = 2_048;
/// Changes waiting in one document, and envelopes waiting in one stream.
pub const WAITING: usize = 8_192;
/// Deaths of an engine that an envelope, or the saving of a document, was alone in before it is left
/// out. One would leave out an innocent one whenever somebody ends the process at the wrong moment.
pub const DEATHS_ALONE: u8 = 2;
/// Arrivals noted as being tried together with their commit; beyond, with the batch that shows them.
pub const NOTED: usize = 256;
/// Nesting depth of an entry's value.
pub const ENTRY_DEPTH: usize = 16;
/// Bytes of the name of a kind, of documents and of entries.
pub const KIND_NAME_BYTES: usize = 64;
/// Bytes of one string of an entry.
pub const STRING_BYTES: usize = 16_384;
/// Keys one entry may supersede.
pub const SUPERSEDES: usize = 64;
/// Bytes of one roster entry.
pub const ROSTER_ENTRY_BYTES: usize = 65_536;
/// Wraps attached to one roster entry.
pub const WRAPS_PER_ENTRY: usize = 2_048;
/// Bytes of one wrap.
pub const WRAP_BYTES: usize = 512;
/// Bytes of an invitation's sealed blob.
pub const INVITE_BLOB_BYTES: usize = 65_536;
/// Streams of one facility.
pub const STREAMS: usize = 32;
/// Numbers of one person's keyslots of one factor: one of this number or more counts for nobody.
pub const KEYSLOTS_PER_PERSON: u32 = 16;
/// Bytes of one attachment, sealed.
pub const ATTACHMENT_BYTES: u64 = 67_108_864;
/// Bytes of one piece of an attachment, sealed.
pub const ATTACHMENT_CHUNK_BYTES: usize = 262_144;
/// Bytes one facility may store at a relay, by default.
pub const FACILITY_BYTES: u64 = 2_147_483_648;
/// Milliseconds after which unsent work warns.
pub const UNSENT_WARNING_MS: i64 = 72 * 3_600_000;
/// Entries a bulk command puts into one change: one envelope per document and this many bytes.
pub const BULK_CHANGE_BYTES: usize = 262_144;
/// First reconnect delay in milliseconds.
pub const RECONNECT_MIN_MS: i64 = 100;
/// Longest reconnect delay in milliseconds.
pub const RECONNECT_MAX_MS: i64 = 30_000;
/// Argon2id memory of a keyslot in KiB; less is refused.
pub const ARGON2_MEMORY_KIB: u32 = 65_536;
/// Argon2id passes of a keyslot; fewer are refused.
pub const ARGON2_PASSES: u32 = 3;
/// Argon2id memory in KiB above which a slot is refused unread.
pub const ARGON2_MEMORY_KIB_MAX: u32 = 1_048_576;
/// Argon2id passes above which a slot is refused unread.
pub const ARGON2_PASSES_MAX: u32 = 16;
/// Bytes of a device's name: it stands beside every entry made there.
pub const DEVICE_NAME_BYTES: usize = 64;
/// Wrong PINs within a sitting before the badge is asked again.
pub const PIN_TRIES: u32 = 5;
/// Milliseconds a badge that was shown is held without a key pressed.
pub const HELD_BADGE_MS: i64 = 60_000;
/// Milliseconds a sitting lasts.
pub const SITTING_MS: i64 = 12 * 3_600_000;
/// People who may come back to one tablet with the PIN alone; the oldest sitting makes room.
pub const SITTINGS: usize = 16;
/// Milliseconds an invitation is valid by default.
pub const INVITE_MS: i64 = 7 * 24 * 3_600_000;
/// Bytes of a WebSocket's read buffer, and of its write buffer.
pub const SOCKET_BUFFER_BYTES: usize = 2_048;
/// Bytes a connection's send buffer in the relay's system may hold.
pub const SEND_BUFFER_BYTES: u32 = 131_072;
/// Difference of clocks, in milliseconds, above which a tablet says so.
pub const CLOCK_TOLERANCE_MS: i64 = 120_000;
/// Milliseconds that the relay's clock may be ahead of the last time at which it was right, and sign.
pub const CLOCK_LEAP_MS: i64 = 2_678_400_000;
/// A facility's roster, wraps and invitations may take this part of its room beyond it, so that a
/// full record keeps nobody from removing a stolen tablet.
pub const ROSTER_PART: u64 = 8;
/// Milliseconds after a group commit in which what is pushed waits for company.
pub const GROUP_COMMIT_MS: i64 = 10;
/// The same, so many times as the commit added rows to one stream, at most.
pub const GROUP_COMMIT_BUSY_MS: i64 = 40;
/// Envelopes in one group commit.
pub const GROUP_COMMIT_ENVELOPES: usize = 512;
/// Bytes that make a group commit happen at once: with the bound on envelopes, what a busy relay
/// holds in memory for it.
pub const GROUP_COMMIT_BYTES: usize = 8 * ENVELOPE_BODY_BYTES;
/// Sides of a contradiction that are shown.
pub const SIDES_SHOWN: usize = 32;
/// Doses of one slot, of the days around one as needed, or after one end, that the rules look at, and
/// sides of a contradiction that a view keeps: one more than a decision may name.
pub const SIDES_KEPT: u32 = 257;
/// Warnings of one kind that stand on a resident's row.
pub const ALERTS_SHOWN: usize = 32;
/// Bytes of the words of a warning.
pub const ALERT_BYTES: usize = 200;
