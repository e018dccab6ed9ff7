//! One declaration for a replication's settings and for the change that names some of them.

use crate::Result;
use crate::settings::Schedule;

/// Declares the settings, their defaults, and which of them a change can name.
///
/// Each reads `name: Type = default`, and, unless other commands change it, `, changed by Type`: a change then has an
/// optional value of that type under the same name, which [`Take`] puts into the setting.
macro_rules! declare_settings {
    (
        $(#[$settings_attribute:meta])* struct $Settings:ident;
        $(#[$change_attribute:meta])* struct $Change:ident {
            $($(#[$other_attribute:meta])* $other:ident: $other_type:ty,)*
        }
        $(
            $(#[$attribute:meta])*
            $name:ident: $type:ty = $default:expr $(, changed by $by:ty)?;
        )*
    ) => {
        $(#[$settings_attribute])*
        pub struct $Settings {
            $($(#[$attribute])* pub $name: $type,)*
        }

        impl Default for $Settings {
            fn default() -> Self {
                Self { $($name: $default,)* }
            }
        }

        $(#[$change_attribute])*
        pub struct $Change {
            $($(#[$other_attribute])* pub $other: Option<$other_type>,)*
            $($(pub $name: Option<$by>,)?)*
        }

        impl $Settings {
            /// Takes over what a change names, apart from what has to be looked up in the workspace.
            ///
            /// # Errors
            /// [`Error::Settings`] when the schedule can't be read.
            pub fn take(&mut self, change: &$Change) -> Result<()> {
                $($(
                    if let Some(value) = &change.$name {
                        Take::<$by>::take(&mut self.$name, value)?;
                    }
                )?)*
                Ok(())
            }
        }
    };
}

pub(super) use declare_settings;

/// Puts the value of a change into a setting.
pub(super) trait Take<Value> {
    fn take(&mut self, value: &Value) -> Result<()>;
}

impl<Value: Clone> Take<Value> for Value {
    fn take(&mut self, value: &Value) -> Result<()> {
        self.clone_from(value);
        Ok(())
    }
}

/// An empty text takes away what is optional.
impl Take<String> for Option<String> {
    fn take(&mut self, value: &String) -> Result<()> {
        let text = value.trim();
        *self = (!text.is_empty()).then(|| text.to_owned());
        Ok(())
    }
}

impl Take<String> for Schedule {
    fn take(&mut self, value: &String) -> Result<()> {
        *self = value.parse()?;
        Ok(())
    }
}
