use scraper::{ElementRef, Html, Selector};

/// A form of a page, with its fields as the page fills them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent; the page itself without it.
    pub action: Option<String>,
    /// Whether it is sent by POST.
    pub is_post: bool,
    /// Names and values, in the page's order.
    pub fields: Vec<(String, String)>,
}

impl Form {
    /// All forms of a page.
    #[must_use]
    pub fn all(html: &str) -> Vec<Self> {
        Self::found(html, "form")
    }

    /// The first form that the CSS selector finds, or that holds what it finds.
    #[must_use]
    pub fn find(html: &str, selector: &str) -> Option<Self> {
        let document = super::html::document(html);
        let selector = Selector::parse(selector).ok()?;
        let element = document.select(&selector).next()?;
        let is_form = |element: &ElementRef<'_>| element.value().name() == "form";
        let around = || element.ancestors().filter_map(ElementRef::wrap).find(is_form);
        Some(Self::of(if is_form(&element) { element } else { around()? }))
    }

    /// Sets fields; those the form does not have are added.
    pub fn fill(&mut self, fields: &[(&str, &str)]) {
        for (name, value) in fields {
            self.fields.retain(|(known, _)| known != name);
            self.fields.push(((*name).to_owned(), (*value).to_owned()));
        }
    }

    /// As `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn encoded(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish()
    }

    fn found(html: &str, selector: &str) -> Vec<Self> {
        let document: Html = super::html::document(html);
        let Ok(selector) = Selector::parse(selector) else { return Vec::new() };
        document.select(&selector).map(Self::of).collect()
    }

    pub(super) fn of(form: ElementRef<'_>) -> Self {
        let fields = form.descendent_elements().filter_map(field).collect();
        let attr = |name| form.attr(name).filter(|value: &&str| !value.is_empty());
        Self {
            action: attr("action").map(str::to_owned),
            is_post: attr("method").is_some_and(|method| method.eq_ignore_ascii_case("post")),
            fields,
        }
    }
}

/// What a field sends when nobody touches it. Buttons send nothing: nobody pressed them.
fn field(element: ElementRef<'_>) -> Option<(String, String)> {
    let name = element.attr("name").filter(|name| !name.is_empty())?;
    if element.attr("disabled").is_some() {
        return None;
    }
    let value = match element.value().name() {
        "input" => match element.attr("type").unwrap_or("text").to_ascii_lowercase().as_str() {
            "submit" | "button" | "image" | "reset" | "file" => return None,
            "checkbox" | "radio" => {
                element.attr("checked")?;
                element.attr("value").unwrap_or("on").to_owned()
            }
            _ => element.attr("value").unwrap_or_default().to_owned(),
        },
        "textarea" => element.text().collect(),
        "select" => {
            let options = || element.descendent_elements().filter(|option| option.value().name() == "option");
            let chosen = options().find(|option| option.attr("selected").is_some()).or_else(|| options().next())?;
            chosen.attr("value").map_or_else(|| chosen.text().collect(), str::to_owned)
        }
        _ => return None,
    };
    Some((name.to_owned(), value))
}
