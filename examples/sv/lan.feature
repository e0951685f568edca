# language: sv
@krav:KYC-12
Egenskap: Bara rätt person kan skriva under lånet

  Bakgrund:
    Givet följande testpersoner
      | person | land | nummer       |
      | Anna   | SE   | 198501012382 |
      | Bengt  | SE   | 198501012390 |
    Och ett avtal i utkast
    Och att Anna är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift

  Scenario: Rätt person
    När Anna öppnar sin länk och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd
    Och Anna kan skriva under

  Scenario: Fel person, född samma dag
    När Bengt öppnar Annas länk och legitimerar sig som Bengt
    Så är Annas identitetskontroll underkänd
    Och den har aldrig varit godkänd
    Och underskriften är spärrad för Anna
