//! The link that an empty relay prints once: its public key and a one-time token.

use crate::invite::LinkTextError;
use crate::secret::Secret;
use data_encoding::BASE64URL_NOPAD;
use ids::SigningPublic;
use zeroize::Zeroizing;

/// What founding a facility needs: base64url(relay public key 32 ‖ token 16), without padding.
#[derive(Debug)]
pub struct FoundingLink {
    relay_key: SigningPublic,
    token: Secret<16>,
}

impl FoundingLink {
    /// From its parts; wiping `token` is the caller's matter.
    pub fn from_parts(relay_key: SigningPublic, token: &[u8; 16]) -> Self {
        Self {
            relay_key,
            token: Secret::copy_of(token),
        }
    }

    /// Reads the text after the link's `#`.
    ///
    /// # Errors
    /// [`LinkTextError`].
    pub fn parse(text: &str) -> Result<Self, LinkTextError> {
        let bytes = BASE64URL_NOPAD
            .decode(text.as_bytes())
            .map_err(|_| LinkTextError)?;
        let bytes = Zeroizing::new(bytes);
        let (key, token) = bytes.split_at_checked(32).ok_or(LinkTextError)?;
        let relay_key = SigningPublic::from_slice(key).ok_or(LinkTextError)?;
        let token = Secret::from_slice(token).ok_or(LinkTextError)?;
        Ok(Self { relay_key, token })
    }

    /// The text after the link's `#`.
    pub fn text(&self) -> Zeroizing<String> {
        let bytes = [self.relay_key.as_bytes().as_slice(), self.token.bytes()].concat();
        Zeroizing::new(BASE64URL_NOPAD.encode(&Zeroizing::new(bytes)))
    }

    /// The relay's key, pinned from here on.
    pub fn relay_key(&self) -> SigningPublic {
        self.relay_key
    }

    /// The one-time token, for the proof in `Found` and nothing else.
    pub fn token(&self) -> &[u8; 16] {
        self.token.bytes()
    }
}
