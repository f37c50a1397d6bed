//! Was this plan reviewed here? A comment can be edited by whoever may write to the repository, so it is signed.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::http::Secret;
use crate::plan::Digest;

/// A key of fewer characters could be guessed by whoever sees signatures.
const SHORTEST: usize = 32;
/// What is signed, so that no signature of another kind of thing is one of these.
const KIND: &str = "rollcall:v1:plan";
/// What a key of reviews is made of beside the key of an account, so that it is a key of reviews and of nothing else.
const DERIVED: &[u8] = b"rollcall:v1:review-key";

/// The key that reviews are signed with, as RFC 2104 has it at work: `ROLLCALL_REVIEW_KEY`, or one that is derived from the account's.
#[derive(Clone)]
pub struct ReviewKey(Hmac<Sha256>);

impl std::fmt::Debug for ReviewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReviewKey([REDACTED])")
    }
}

/// A key that would protect nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the review key is shorter than {SHORTEST} characters")]
pub struct WeakKey;

/// What a signature is of: one plan for one account, as one commit of one pull request has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reviewed<'a> {
    /// `owner/name`
    pub repository: &'a str,
    /// The number of the pull request.
    pub number: u64,
    /// The commit that was planned.
    pub head: &'a str,
    /// The account's name in the manifests.
    pub account: &'a str,
    /// Comments up to this one, by its number, approve nothing of it.
    pub spent: u64,
    /// The plan.
    pub digest: Digest,
}

impl ReviewKey {
    /// A key that is long enough.
    ///
    /// # Errors
    /// It is not.
    pub fn new(secret: &Secret) -> Result<Self, WeakKey> {
        let made = secret
            .reveal(|text| Hmac::new_from_slice(text.as_bytes()).ok().filter(|_| text.len() >= SHORTEST));
        made.map(Self).ok_or(WeakKey)
    }

    /// The key of those who have this key of an account. Whoever has that needs no review to write there.
    ///
    /// # Errors
    /// The account's key could be guessed by whoever sees signatures.
    pub fn derived(account: &Secret) -> Result<Self, WeakKey> {
        let mut mac = Self::new(account)?.0;
        mac.update(DERIVED);
        Hmac::new_from_slice(&mac.finalize().into_bytes()).map(Self).map_err(|_| WeakKey)
    }

    /// The signature.
    pub fn sign(&self, reviewed: &Reviewed<'_>) -> [u8; 32] {
        self.over(reviewed).finalize().into_bytes().into()
    }

    /// Whether this is the signature; how long the answer takes tells nothing of it.
    pub fn has_signed(&self, reviewed: &Reviewed<'_>, mac: &[u8; 32]) -> bool {
        self.over(reviewed).verify_slice(mac).is_ok()
    }

    /// A hash of parts, of which the first says what kind of thing they make: only who has the key can make it.
    pub(in crate::github) fn hash(&self, parts: &[&str]) -> [u8; 32] {
        self.over_parts(parts).finalize().into_bytes().into()
    }

    fn over(&self, reviewed: &Reviewed<'_>) -> Hmac<Sha256> {
        let Reviewed { repository, number, head, account, spent, digest } = reviewed;
        let [number, spent] = [number, spent].map(ToString::to_string);
        self.over_parts(&[KIND, repository, &number, head, account, &spent, &digest.to_string()])
    }

    fn over_parts(&self, parts: &[&str]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        // Each part with its length before it: no two lists of parts are the same bytes.
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> ReviewKey {
        ReviewKey::new(&Secret::parse(text).unwrap()).unwrap()
    }

    const REVIEWED: Reviewed<'_> = Reviewed {
        repository: "acme/accounts",
        number: 12,
        head: "cafe",
        account: "acme",
        spent: 0,
        digest: Digest([7; 32]),
    };

    #[test]
    fn a_signature_is_of_one_review_and_of_one_key() {
        let (ours, theirs) = (key(&"k".repeat(32)), key(&"l".repeat(32)));
        let mac = ours.sign(&REVIEWED);
        assert!(ours.has_signed(&REVIEWED, &mac) && !theirs.has_signed(&REVIEWED, &mac));
        for other in [
            Reviewed { repository: "acme/account", ..REVIEWED },
            Reviewed { number: 1, head: "2cafe", ..REVIEWED },
            Reviewed { number: 13, ..REVIEWED },
            Reviewed { head: "cafeacme", account: "", ..REVIEWED },
            Reviewed { account: "acme2", ..REVIEWED },
            Reviewed { spent: 1, ..REVIEWED },
            Reviewed { digest: Digest([8; 32]), ..REVIEWED },
        ] {
            assert!(!ours.has_signed(&other, &mac), "{other:?}");
        }
    }

    #[test]
    fn a_key_of_an_account_makes_a_key_of_reviews_that_is_another() {
        let secret = Secret::parse(&"k".repeat(32)).unwrap();
        let (derived, same) = (ReviewKey::derived(&secret).unwrap(), ReviewKey::derived(&secret).unwrap());
        let mac = derived.sign(&REVIEWED);
        assert!(same.has_signed(&REVIEWED, &mac));
        assert!(!ReviewKey::new(&secret).unwrap().has_signed(&REVIEWED, &mac));
        assert_eq!(ReviewKey::derived(&Secret::parse("hunter2").unwrap()).unwrap_err(), WeakKey);
    }

    #[test]
    fn a_key_that_could_be_guessed_is_none_and_no_key_is_printed() {
        assert_eq!(ReviewKey::new(&Secret::parse("hunter2").unwrap()).unwrap_err(), WeakKey);
        assert_eq!(format!("{:?}", key(&"k".repeat(32))), "ReviewKey([REDACTED])");
    }
}
