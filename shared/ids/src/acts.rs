//! What a grant may allow beyond reading and writing: bits, fixed for ever. The roster proves them,
//! the rules of work say which act an entry is, and both take them from here.

/// Change the roster: people, devices, grants.
pub const ROSTER: u64 = 1;
/// Sign entries of one's own.
pub const SIGN: u64 = 2;
/// Mark an entry as entered in error.
pub const STRIKE: u64 = 4;
/// Decide a contradiction.
pub const RESOLVE: u64 = 8;
/// Adopt withheld entries.
pub const ADOPT: u64 = 16;
/// Approve what others prepared: destruction, releases.
pub const APPROVE: u64 = 32;
/// Release records to someone outside.
pub const RELEASE: u64 = 64;
/// Take charge of a shift: open a night slot.
pub const CHARGE: u64 = 128;
/// Say what is to be done for a resident: orders, code status, saturation scale.
pub const ORDER: u64 = 256;
/// Keep who residents are, where they are and what they have: identity, name, moves, problems.
pub const REGISTRATION: u64 = 512;

/// All of them.
pub const ALL: u64 =
    ROSTER | SIGN | STRIKE | RESOLVE | ADOPT | APPROVE | RELEASE | CHARGE | ORDER | REGISTRATION;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_act_is_a_bit_of_its_own() {
        let each = [
            ROSTER,
            SIGN,
            STRIKE,
            RESOLVE,
            ADOPT,
            APPROVE,
            RELEASE,
            CHARGE,
            ORDER,
            REGISTRATION,
        ];
        assert!(each.iter().all(|act| act.is_power_of_two()));
        assert_eq!(each.iter().sum::<u64>(), ALL);
    }
}
