//! The two shapes that most rules have: a named, cited entry of a list, and a closed list of codes.

/// A list entry with id, two names, clause and rule, and fields of its own.
macro_rules! item {
    ($(#[$doc:meta])* $name:ident ($id:ty) { $($(#[$field_doc:meta])* $field:ident : $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Stable code, unique within its list.
            pub id: $id,
            /// Chinese name.
            pub name: String,
            /// English name.
            pub name_en: String,
            $($(#[$field_doc])* pub $field: $ty,)*
            /// Whether the published papers leave this to the office, so that it is a default.
            #[serde(default)]
            pub office_may_change: bool,
            /// The clause it comes from.
            pub clause: String,
            /// The rule of REQUIREMENTS.md it belongs to.
            pub rule: $crate::RuleNumber,
        }

        impl $crate::Item for $name {
            fn id(&self) -> &str {
                self.id.as_ref()
            }
            fn name(&self) -> &str {
                &self.name
            }
            fn name_en(&self) -> &str {
                &self.name_en
            }
            fn clause(&self) -> &str {
                &self.clause
            }
            fn rule(&self) -> $crate::RuleNumber {
                self.rule
            }
        }
    };
}

/// A closed list of codes: the program knows each, and a pack cannot add one.
macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Every choice, in the order of the declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The code in pack files, forms and the database.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                }
            }

            /// The choice with this code.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|choice| choice.code() == code)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.code()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                const CODES: &[&str] = &[$($code),*];
                let code = <String as serde::Deserialize>::deserialize(deserializer)?;
                Self::from_code(&code).ok_or_else(|| serde::de::Error::unknown_variant(&code, CODES))
            }
        }
    };
}
