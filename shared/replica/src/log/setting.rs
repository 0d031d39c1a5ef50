//! What the engine keeps of itself in `log.db`: every setting there is, and the name it has there.

use domain::Stream;
use ids::StreamId;
use std::borrow::Cow;

/// Declares the settings: first those there is one of, then those there is one of for each stream,
/// whose name stands behind theirs.
macro_rules! settings {
    (
        $($(#[$doc:meta])* $name:ident = $text:literal,)*
        ;
        $($(#[$of_doc:meta])* $of_name:ident($of:ty) = $of_text:literal,)*
    ) => {
        /// One setting. Where its value is sealed, its name is also the purpose of the seal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Setting {
            $($(#[$doc])* $name,)*
            $($(#[$of_doc])* $of_name($of),)*
        }

        impl Setting {
            /// Its name on the disk.
            pub fn name(self) -> Cow<'static, str> {
                match self {
                    $(Self::$name => Cow::Borrowed($text),)*
                    $(Self::$of_name(of) => Cow::Owned(format!("{} {}", $of_text, of.named())),)*
                }
            }
        }

        #[cfg(test)]
        const ALONE: &[&str] = &[$($text),*];
        #[cfg(test)]
        const OF_EACH: &[&str] = &[$($of_text),*];
    };
}

settings! {
    /// The version of the program that judged what this log holds.
    Program = "program",
    /// Which device of which facility this is, and the relay it trusts; sealed.
    Membership = "membership",
    /// The device's private keys; sealed.
    DeviceIdentity = "device identity",
    /// The key of `devices` that is in use; sealed.
    DevicesKey = "devices key",
    /// An enrolment of which this device has not seen the end; sealed.
    Enrolment = "enrolment",
    /// A founding whose badge has not signed in here yet; sealed.
    Founding = "founding",
    /// The founder's private keys meanwhile; sealed.
    FounderIdentity = "founder identity",
    /// A person who is being added; sealed.
    NewPerson = "new person",
    /// Their private keys meanwhile; sealed.
    NewPersonIdentity = "new person identity",
    /// What the relay said that is not so, with what shows it.
    RelayFaults = "relay faults",
    /// Documents that are being saved as a whole, with the deaths that this was part of.
    Saving = "saving",
    /// When everything was last exchanged with the relay, and of when what is shown was last whole.
    Lately = "lately",
    /// When the disk was last tried after it had failed.
    Written = "written",
    ;
    /// The roster position up to which all wraps of the stream are here.
    Wraps(StreamId) = "wraps",
    /// Envelopes that wait for a key or for what they build on.
    Waiting(Stream) = "waiting",
    /// From which local fact on, and of whom, there was no room among those.
    LeftOut(Stream) = "left out",
    /// What is being applied.
    Trying(Stream) = "trying",
    /// What was being applied at a death, with the deaths it was alone in.
    Suspects(Stream) = "suspects",
    /// The suspect that is being applied.
    Alone(Stream) = "alone",
    /// The view is to be begun anew when it is next opened.
    Anew(Stream) = "anew",
    /// The key of the view's file, sealed under an epoch of the stream.
    ViewKey(Stream) = "view key",
}

/// What of a setting's stream stands in its name.
trait Named {
    fn named(self) -> String;
}

impl Named for Stream {
    fn named(self) -> String {
        self.name().to_owned()
    }
}

impl Named for StreamId {
    fn named(self) -> String {
        self.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_settings_have_one_name() {
        let all: Vec<&str> = ALONE.iter().chain(OF_EACH).copied().collect();
        for (at, one) in all.iter().enumerate() {
            let rest = all.iter().skip(at + 1);
            assert!(rest.copied().all(|other| other != *one), "{one}");
            let of_a_stream = OF_EACH.iter().map(|text| format!("{text} "));
            for begins in of_a_stream {
                assert!(!one.starts_with(&begins), "{one} begins with {begins}");
            }
        }
        assert_eq!(Setting::ViewKey(Stream::Care).name(), "view key care");
        let id = StreamId::from_bytes([0xab; 16]);
        assert_eq!(
            Setting::Wraps(id).name(),
            format!("wraps {}", "ab".repeat(16))
        );
    }
}
