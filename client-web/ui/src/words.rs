//! Every word a person reads. One table per language with the same rows; a row that is missing
//! does not compile. Sentences with parts in them are functions, because languages differ in
//! more than words.

/// Makes the first language's table and, from its rows, the type of every other.
macro_rules! table {
    ($language:ident; $($name:ident: $type:ty = $value:expr;)*) => {
        /// The words of one language.
        pub(crate) struct Words {
            $(pub(crate) $name: $type,)*
        }

        /// This language.
        pub(super) static $language: Words = Words { $($name: $value,)* };
    };
}

mod en;
mod en_clinical;
mod en_deciding;
mod en_ending;
mod en_left_out;
mod en_members;
mod en_moving;
mod en_observing;
mod en_refusals;
mod en_registers;
mod en_rules;

/// A word or a sentence without parts.
type Text = &'static str;

/// The words of the language in use.
pub(crate) fn w() -> &'static en::Words {
    &en::ENGLISH
}
