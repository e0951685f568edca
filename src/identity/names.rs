//! Common names and one made-up street for each country: what people without an entry in a file are called.

use super::Country;

/// Names to pick from.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) female: &'static [&'static str],
    pub(super) male: &'static [&'static str],
    pub(super) family: &'static [&'static str],
    /// Street, postal code and town.
    pub(super) place: (&'static str, &'static str, &'static str),
}

pub(super) const fn names(country: Country) -> Names {
    match country {
        Country::Dk => Names {
            female: &["Ditte", "Freja", "Karen", "Lærke", "Mette", "Sofie", "Søs", "Tove"],
            male: &["Anders", "Bjarne", "Jørgen", "Kåre", "Lars", "Mads", "Niels", "Søren"],
            family: &["Bæk", "Dahl", "Friis", "Holm", "Kjær", "Lund", "Nørgaard", "Skov", "Østergaard"],
            place: ("Prøvevej", "8000", "Aarhus C"),
        },
        Country::Ee => Names {
            female: &["Aino", "Eha", "Kadri", "Leelo", "Maarja", "Piret", "Tiiu", "Ülle"],
            male: &["Aivar", "Jaan", "Kalev", "Märt", "Peeter", "Rein", "Tõnu", "Urmas"],
            family: &["Kask", "Kuusk", "Lepik", "Mägi", "Oja", "Põld", "Saar", "Tamm"],
            place: ("Proovi tänav", "10111", "Tallinn"),
        },
        Country::Fi => Names {
            female: &["Aino", "Elina", "Helmi", "Kaisa", "Päivi", "Sisko", "Tuula", "Venla"],
            male: &["Antti", "Eino", "Jyrki", "Kari", "Mikko", "Pekka", "Väinö", "Ylermi"],
            family: &["Hämäläinen", "Järvi", "Koski", "Lehto", "Mäki", "Nyström", "Salo", "Virta"],
            place: ("Koekatu", "00100", "Helsinki"),
        },
        Country::Lt => Names {
            female: &["Aušra", "Birutė", "Daiva", "Eglė", "Jūratė", "Rasa", "Ugnė", "Živilė"],
            male: &["Andrius", "Darius", "Jonas", "Kęstutis", "Linas", "Mindaugas", "Tomas", "Žygimantas"],
            family: &["Balsys", "Girys", "Kalnas", "Laukys", "Miškas", "Raudys", "Šilas", "Upys"],
            place: ("Bandymų gatvė", "01103", "Vilnius"),
        },
        Country::Lv => Names {
            female: &["Aija", "Dace", "Ilze", "Kristīne", "Līga", "Māra", "Rūta", "Zane"],
            male: &["Aivars", "Edgars", "Gatis", "Jānis", "Kārlis", "Māris", "Pēteris", "Valdis"],
            family: &["Apse", "Bērzs", "Egle", "Kalns", "Krūms", "Liepa", "Ozols", "Priede"],
            place: ("Pārbaudes iela", "LV-1050", "Rīga"),
        },
        Country::No => Names {
            female: &["Astrid", "Bjørg", "Gro", "Ingrid", "Kari", "Liv", "Ragnhild", "Åse"],
            male: &["Arne", "Bjørn", "Eirik", "Håkon", "Knut", "Ola", "Sverre", "Øyvind"],
            family: &["Bakke", "Dahl", "Fjeld", "Haugen", "Lie", "Moe", "Nygård", "Sørlie", "Ås"],
            place: ("Prøveveien", "0150", "Oslo"),
        },
        Country::Se => Names {
            female: &["Agneta", "Britt-Marie", "Ebba", "Gunilla", "Karin", "Märta", "Rut", "Åsa"],
            male: &["Anders", "Björn", "Erik", "Gösta", "Håkan", "Lars", "Sören", "Örjan"],
            family: &["Berg", "Dalström", "Ek", "Forsgård", "Lindqvist", "Nyström", "Sjögren", "Åberg", "Öman"],
            place: ("Provgatan", "111 22", "Stockholm"),
        },
    }
}
