//! A [`Script`] as the text of a script file, as a person would have written it.

use std::fmt::{self, Display, Formatter};

use super::{Becomes, Damage, Delivery, Fault, Forgery, Millis, Occurrence, Script, Step, Trigger};

impl Script {
    /// The script as TOML. [`Script::parse`] reads the same script from it.
    #[must_use]
    pub fn to_toml(&self) -> String {
        Shown(self).to_string()
    }
}

struct Shown<'a>(&'a Script);

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let script = self.0;
        writeln!(f, "title = {}", Quoted(&script.title))?;
        if script.lifetime.link.is_some() || script.lifetime.order.is_some() {
            writeln!(f, "\n[lifetime]")?;
            for (key, value) in [("link", script.lifetime.link), ("order", script.lifetime.order)] {
                if let Some(value) = value {
                    writeln!(f, "{key} = \"{value}\"")?;
                }
            }
        }
        script.steps.iter().try_for_each(|one| step(f, one))?;
        script.faults.iter().try_for_each(|one| fault(f, one))?;
        script.forgeries.iter().try_for_each(|one| forgery(f, one))?;
        script.deliveries.iter().try_for_each(|one| delivery(f, one))
    }
}

fn step(f: &mut Formatter<'_>, step: &Step) -> fmt::Result {
    writeln!(f, "\n[[step]]")?;
    match step.trigger {
        Trigger::After(time) => writeln!(f, "after = \"{time}\"")?,
        Trigger::On(signal) => writeln!(f, "on = \"{signal}\"")?,
        Trigger::Polls(polls) => writeln!(f, "polls = {polls}")?,
    }
    match &step.becomes {
        Becomes::Failed(reason) => writeln!(f, "state = \"failed\"\nreason = \"{reason}\""),
        Becomes::Finished(who) => writeln!(f, "state = \"finished\"\nperson = \"{who}\""),
        Becomes::Pending(hint) => writeln!(f, "state = \"pending\"\nhint = \"{hint}\""),
    }
}

fn fault(f: &mut Formatter<'_>, fault: &Fault) -> fmt::Result {
    writeln!(f, "\n[[fault]]\non = \"{}\"", fault.on)?;
    occurrence(f, fault.occurrence)?;
    match &fault.damage {
        Damage::ByteOrderMark => writeln!(f, "reply = {{ byte_order_mark = true }}"),
        Damage::Delay(time) => writeln!(f, "reply = {{ delay = \"{time}\" }}"),
        Damage::Hold => writeln!(f, "reply = {{ hold = true }}"),
        Damage::Replace { status, content_type, headers, body } => {
            let (body, content_type) = (Quoted(body), Quoted(content_type));
            write!(f, "reply = {{ status = {status}, body = {body}, content_type = {content_type}")?;
            if !headers.is_empty() {
                write!(f, ", headers = {{ ")?;
                for (n, (name, value)) in headers.iter().enumerate() {
                    write!(f, "{}{} = {}", if n == 0 { "" } else { ", " }, Quoted(name), Quoted(value))?;
                }
                write!(f, " }}")?;
            }
            writeln!(f, " }}")
        }
        Damage::Reset => writeln!(f, "reply = {{ reset = true }}"),
        Damage::Truncate { keep: None } => writeln!(f, "reply = {{ truncate = true }}"),
        Damage::Truncate { keep: Some(bytes) } => writeln!(f, "reply = {{ truncate = {bytes} }}"),
    }
}

fn forgery(f: &mut Formatter<'_>, forgery: &Forgery) -> fmt::Result {
    writeln!(f, "\n[[forgery]]\nof = \"{}\"\nhow = \"{}\"", forgery.how.of(), forgery.how.how())?;
    occurrence(f, forgery.occurrence)
}

fn delivery(f: &mut Formatter<'_>, delivery: &Delivery) -> fmt::Result {
    writeln!(f, "\n[[delivery]]")?;
    occurrence(f, delivery.occurrence)?;
    if delivery.lost {
        return writeln!(f, "lost = true");
    }
    let is_late = delivery.after != Millis::default();
    if delivery.copies != 1 || !is_late {
        writeln!(f, "copies = {}", delivery.copies)?;
    }
    if is_late {
        writeln!(f, "after = \"{}\"", delivery.after)?;
    }
    Ok(())
}

fn occurrence(f: &mut Formatter<'_>, occurrence: Occurrence) -> fmt::Result {
    match occurrence {
        Occurrence::ALL => Ok(()),
        Occurrence { first, last: Some(last) } if first == last => writeln!(f, "occurrence = {first}"),
        range => writeln!(f, "occurrence = \"{range}\""),
    }
}

/// A TOML basic string (TOML 1.0, "String").
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                '\n' => f.write_str("\\n")?,
                '\r' => f.write_str("\\r")?,
                '\t' => f.write_str("\\t")?,
                '\0'..='\x1f' | '\x7f' => write!(f, "\\u{:04X}", u32::from(c))?,
                _ => write!(f, "{c}")?,
            }
        }
        f.write_str("\"")
    }
}
