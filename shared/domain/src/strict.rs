//! Reading optional choices strictly. minicbor reads a variant it does not know as "absent" when
//! the field is optional; for "why was this dose not given" absent means *given*, so here such an
//! entry is one of a newer version instead.

use minicbor::decode::{Decode, Decoder, Error};

/// Reads an optional value; a variant not known here is an error that no enclosing optional
/// field takes for absence.
pub(crate) fn option<'b, C, T: Decode<'b, C>>(
    d: &mut Decoder<'b>,
    ctx: &mut C,
) -> Result<Option<T>, Error> {
    let at = d.position();
    match Option::<T>::decode(d, ctx) {
        Err(e) if e.is_unknown_variant() => {
            Err(Error::message("a choice this version does not know").at(at))
        }
        other => other,
    }
}
