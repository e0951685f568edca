# language: sv
Egenskap: Personnumret stannar där det behövs
  Numret behövs för en enda jämförelse. Sedan ska ingen se det: varken avsändaren, nästa undertecknare eller den som läser loggen.

  Bakgrund:
    Givet följande testpersoner
      | person |
      | Anna   |
      | Bengt  |
    Och ett avtal i utkast
    Och att Anna är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift

  @PRI-001 @must @each-provider
  Scenario: Inget nummer syns när allt går bra
    När Anna öppnar sin länk och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd
    Och inget nummer syns någonstans

  @PRI-004 @must @each-provider
  Scenario: Inget nummer i någon adress
    När Anna öppnar sin länk och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd
    Och Annas nummer finns inte i någon adress

  @PRI-007 @must @each-provider
  Scenario: Den som kom av misstag förblir okänd
    När Bengt öppnar Annas länk och legitimerar sig som Bengt
    Så är Annas identitetskontroll underkänd
    Och avsändaren får varken veta Bengts namn eller nummer

  @PRI-006 @must @needs:log
  Scenario: Loggen är ren, också efter ett avbrott
    När Anna avbryter legitimeringen i appen
    Så väntar Annas identitetskontroll
    Och Annas nummer finns inte i loggen

  @PRI-009 @must @needs:storage
  Scenario: Lagringen kan stjälas utan att numren följer med
    När Anna öppnar sin länk och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd
    Och lagringen innehåller varken Annas nummer eller en oskyddad hash av det
