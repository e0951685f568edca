# language: sv
Egenskap: Avbrott och krångel gör ingen godkänd
  Folk avbryter, tiden går ut och leverantören krånglar. Inget av det säger vem personen är. Kontrollen ska då vänta: ingen
  blir godkänd, ingen blir utelåst, och det ska gå att försöka igen.

  Bakgrund:
    Givet följande testpersoner
      | person |
      | Anna   |
      | Bengt  |
    Och ett avtal i utkast
    Och att Anna är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift

  @PRV-006 @must @each-provider
  Scenario: Anna avbryter och försöker igen
    När Anna avbryter legitimeringen i appen
    Så väntar Annas identitetskontroll
    Och underskriften är spärrad för Anna
    När Anna öppnar sin länk igen och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd

  @PRV-015 @must @each-provider
  Scenario: Tiden går ut
    Givet att Anna har börjat legitimera sig
    När Annas legitimering har gått ut
    Så väntar Annas identitetskontroll
    Och den har aldrig varit godkänd
    När Anna öppnar sin länk igen och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd

  @OUT-005 @must
  Abstrakt Scenario: Leverantören krånglar: den <svar>
    När Anna börjar legitimera sig och leverantören <svar>
    Så väntar Annas identitetskontroll
    Och den har aldrig varit godkänd
    Och underskriften är spärrad för Anna

    Exempel:
      | svar                                        |
      | svarar inte                                 |
      | svarar med ett tekniskt fel                 |
      | svarar med en webbsida i stället för data   |
      | känner inte till sessionen                  |
      | säger klart men inte vem det var            |

  @OUT-004 @must @core
  Scenario: Så länge leverantören väntar, väntar kontrollen
    När Anna börjar legitimera sig och leverantören väntar fortfarande
    Så väntar Annas identitetskontroll fortfarande
    Och den har aldrig varit godkänd

  @SES-001 @must @core @each-provider
  Scenario: Att komma tillbaka bevisar ingenting
    Givet att Anna har börjat legitimera sig
    När Anna kommer tillbaka utan att ha legitimerat sig
    Så väntar Annas identitetskontroll fortfarande
    Och underskriften är spärrad för Anna

  @OUT-007 @must @core
  Scenario: Ett gammalt försök räddar inte en underkänd kontroll
    Givet att Anna har börjat legitimera sig
    När Anna börjar legitimera sig en gång till
    Och Annas försök avslutas som Bengt
    Så är Annas identitetskontroll underkänd
    När Annas tidigare försök avslutas som Anna
    Så är Annas identitetskontroll inte godkänd
