//! What every [`super::LogStore`] must do; run by the tests of each.

