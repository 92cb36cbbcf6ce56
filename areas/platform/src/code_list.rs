//! Closed lists of which each value is stored under a stable code.

/// A closed list of which each value is stored under a stable code: `ALL`, `code`, `from_code`, and `Display` as the code.
/// With the prefix of its texts behind the name (`Source, "source" { … }`) also `PREFIX` and `choices` for a form.
#[macro_export]
macro_rules! codes {
    ($(#[$doc:meta])* $name:ident, $prefix:literal { $($list:tt)+ }) => {
        $crate::codes! { $(#[$doc])* $name { $($list)+ } }
        impl $name {
            /// The prefix of its texts: `<prefix>-<code>`.
            pub const PREFIX: &'static str = $prefix;
            /// Code and text key of each, for a choice on a form.
            pub fn choices() -> Vec<(&'static str, String)> {
                Self::ALL.iter().map(|v| (v.code(), format!("{}-{}", $prefix, v.code()))).collect()
            }
        }
    };
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }
        impl $name {
            /// Every one, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The stable code, as stored.
            pub fn code(self) -> &'static str { match self { $($name::$variant => $code),+ } }
            /// The one with this code.
            pub fn from_code(code: &str) -> Option<Self> { match code { $($code => Some($name::$variant),)+ _ => None } }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result { f.write_str(self.code()) }
        }
    };
}
pub(crate) use codes;
