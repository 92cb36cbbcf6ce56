//! The way to the robots of WeCom groups (企业微信).

use http::Uri;
use serde::Deserialize;

use super::oidc::is_loopback;

/// A gateway in front of WeCom, for networks that do not lead there by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wecom {
    /// What stands in the place of `https://qyapi.weixin.qq.com`: `https://relay.example.cn`, with a path where it has one.
    pub base: String,
}

impl Wecom {
    /// What is wrong with it. A robot's key is part of the address that is called, so it never travels in the open.
    pub(super) fn check(&self) -> Result<(), (&'static str, &'static str)> {
        let wrong = Err((
            "wecom.base",
            "a gateway is https://host, with a port and a path where it has them; http:// is for this machine alone",
        ));
        let Ok(uri) = self.base.parse::<Uri>() else { return wrong };
        let Some(authority) = uri.authority() else { return wrong };
        let plain = !authority.as_str().contains('@') && uri.query().is_none() && !self.base.contains('#');
        let safe = uri.scheme_str() == Some("https") || is_loopback(&self.base);
        if plain && safe { Ok(()) } else { wrong }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gateway_is_called_under_tls_and_has_neither_query_nor_name_in_it() {
        for (base, fits) in [
            ("https://relay.example.cn", true),
            ("https://relay.example.cn:8443/wecom/", true),
            ("https://10.0.0.7", true),
            ("http://127.0.0.1:9000", true),
            ("http://localhost:9000/wecom", true),
            ("http://relay.example.cn", false),
            ("http://127.0.0.1.example.cn", false),
            ("https://somebody@relay.example.cn", false),
            ("https://relay.example.cn/?key=1", false),
            ("https://relay.example.cn/#part", false),
            ("relay.example.cn", false),
            ("/wecom", false),
            ("ftp://relay.example.cn", false),
            ("", false),
        ] {
            assert_eq!(Wecom { base: base.into() }.check().is_ok(), fits, "{base}");
        }
    }
}
