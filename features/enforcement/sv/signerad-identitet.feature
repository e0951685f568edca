# language: sv
@provider:zignsec-gateway
Egenskap: Bara det som leverantören har signerat räknas
  En del leverantörer signerar vem de har legitimerat. Det som står osignerat bredvid kan vem som helst ha skrivit, och en signatur
  som inte är leverantörens bevisar ingenting.

  Bakgrund:
    Givet följande testpersoner
      | person |
      | Anna   |
    Och ett avtal i utkast
    Och att Anna är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift

  @TOK-001 @TOK-007 @must @core
  Abstrakt Scenario: En signatur som inte är leverantörens: leverantören <svar>
    När Anna börjar legitimera sig och leverantören <svar>
    Så är Annas identitetskontroll inte godkänd
    Och underskriften är spärrad för Anna
    När Anna öppnar sin länk igen och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd

    Exempel:
      | svar                                                         |
      | skickar identiteten utan signatur                            |
      | skickar identiteten med en annan signatur                    |
      | signerar identiteten med en främmande nyckel under rätt namn |

  @TOK-003 @must @core
  Scenario: Någon annans signerade identitet med den rätta bredvid
    När Anna börjar legitimera sig och leverantören signerar någon annans identitet och skriver den rätta bredvid
    Så är Annas identitetskontroll underkänd
    Och den har aldrig varit godkänd

  @TOK-008 @must @core
  Scenario: En äkta identitet från en annan session
    När Anna börjar legitimera sig och leverantören signerar identiteten för en annan session
    Så är Annas identitetskontroll inte godkänd
    Och underskriften är spärrad för Anna

  @TOK-009 @PRV-028 @must
  Scenario: Ett ja runt ett signerat nej är ett nej
    När Anna börjar legitimera sig och leverantören säger godkänt men signerar att det nekades
    Så är Annas identitetskontroll inte godkänd
    Och underskriften är spärrad för Anna
