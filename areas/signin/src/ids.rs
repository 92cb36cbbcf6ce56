//! Identifiers of the area.

linli_platform::typed_id! {
    /// A passkey of an account (通行密钥).
    PasskeyId,
    /// An identity of the single sign-on that an account is linked with (统一身份).
    IdentityId,
}
