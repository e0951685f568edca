# language: sv
@provider:signicat
Egenskap: Ett intyg är värt det som signaturen är värd
  En OpenID-leverantör säger i ett intyg vem det var. Intyget räknas bara om leverantören själv har signerat det, för den här tjänsten, för
  den här inloggningen och för den här stunden; och en underskrift räknas bara om den är för rätt text och av rätt person.

  Bakgrund:
    Givet följande testpersoner
      | person |
      | Anna   |
    Och ett avtal i utkast
    Och att Anna är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift

  @TOK-004 @TOK-007 @must
  Abstrakt Scenario: En signatur som inte är leverantörens: leverantören <svar>
    När Anna börjar legitimera sig och leverantören <svar>
    Så är Annas identitetskontroll inte godkänd
    Och underskriften är spärrad för Anna
    När Anna öppnar sin länk igen och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd

    Exempel:
      | svar                                                     |
      | skickar intyget utan signatur                            |
      | signerar intyget med en främmande nyckel under rätt namn |

  @TOK-014 @must @core
  Scenario: Ett intyg för en annan tjänst
    När Anna börjar legitimera sig och leverantören ger ett intyg som är avsett för en annan tjänst
    Så är Annas identitetskontroll inte godkänd
    Och underskriften är spärrad för Anna

  @PRV-023 @must @core
  Scenario: Att någon är klar säger inte vem det var
    När Anna börjar legitimera sig och leverantören vägrar att växla in koden
    Så är Annas identitetskontroll inte godkänd
    Och underskriften är spärrad för Anna
    När Anna öppnar sin länk igen och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd

  @SES-006 @must
  Scenario: Det som kommer tillbaka utan det som skickades är någon annans
    När Anna börjar legitimera sig och leverantören leder tillbaka med ett state som ingen skickat
    Så är Annas identitetskontroll inte godkänd
    Och underskriften är spärrad för Anna

  @TOK-025 @must @needs:sign
  Scenario: Någon annans underskrift
    När Anna går hela vägen till en underskrift och leverantören ger ett dokument som någon annan skrev under
    Så är Anna inte undertecknad
    När Anna går hela vägen till en underskrift som Anna på Annas länk
    Så är Anna undertecknad
