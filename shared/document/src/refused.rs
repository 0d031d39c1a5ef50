//! Why a change is refused. All of these are its author's fault (or a forger's), are pure
//! functions of its bytes and of the changes it depends on, and are final.

/// A change that this system never writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refused {
    /// Not an Automerge chunk, or a chunk of another type.
    #[error("not an uncompressed change chunk")]
    NotAChange,
    /// Compressed: it could inflate to anything.
    #[error("the change is compressed")]
    Deflated,
    /// The bytes do not hash to the checksum they state.
    #[error("the checksum of the change is wrong")]
    Checksum,
    /// The bytes end early, go on after the end, or state a length they do not have.
    #[error("the change is cut off or has bytes to spare")]
    Length,
    /// More of something than the limits allow.
    #[error("the change exceeds a limit")]
    Bound,
    /// By another actor than the envelope's.
    #[error("the change is not by the author of its envelope")]
    OtherActor,
    /// Belongs to another document.
    #[error("the change belongs to another document")]
    OtherDocument,
    /// Carries a time, a message, further actors or extra bytes.
    #[error("the change carries more than entries")]
    Metadata,
    /// Does something other than putting byte strings under new keys of the root map.
    #[error("the change does something other than adding entries")]
    Operation,
    /// Says the same as an honest change in other bytes.
    #[error("the change is not encoded canonically")]
    NotCanonical,
    /// A key is not the one its value, author, time and document give.
    #[error("an entry's key does not belong to its value")]
    Key,
    /// A key stands twice in the change, or in an earlier change of its actor.
    #[error("an entry's key is taken")]
    KeyTaken,
    /// Does not name its actor's previous change, and no other of its actor, as a dependency.
    #[error("the change does not follow its author's previous one")]
    NotChained,
    /// The first operation's number does not follow from the dependencies.
    #[error("the change's operations are misnumbered")]
    StartOp,
}
