# language: sv
Egenskap: Bara rätt person kan skriva under
  Den som har fått länken kan skicka den vidare. Därför ska kontrollen stoppa alla utom den som avsändaren har angett.

  Bakgrund:
    Givet följande testpersoner
      | person |
      | Anna   |
      | Bengt  |
    Och ett avtal i utkast

  @XCK-001 @must @core @each-provider
  Scenario: Rätt person
    Givet att Anna är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift
    När Anna öppnar sin länk och legitimerar sig som Anna
    Så är Annas identitetskontroll godkänd
    Och Anna kan skriva under

  @XCK-002 @must @core @each-provider
  Scenario: Fel person
    Givet att Anna är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift
    När Bengt öppnar Annas länk och legitimerar sig som Bengt
    Så är Annas identitetskontroll underkänd
    Och den har aldrig varit godkänd
    Och underskriften är spärrad för Anna
    Och avsändaren får varken veta Bengts namn eller nummer

  @XCK-004 @must @core
  Abstrakt Scenario: Nästan rätt nummer är fel nummer: <varför>
    Givet följande testpersoner
      | person | land | nummer       |
      | Anna   | SE   | 198501012382 |
      | David  | SE   | 198501012390 |
      | Eva    | SE   | 198501192382 |
    Och att Anna är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift
    När <vem> öppnar Annas länk och legitimerar sig som <vem>
    Så är Annas identitetskontroll underkänd
    Och den har aldrig varit godkänd

    Exempel:
      | varför           | vem   |
      | född samma dag   | David |
      | samma fyra sista | Eva   |

  @XCK-011 @must @core @each-provider
  Scenario: Annas legitimering räknas inte för Bengt
    Givet att Anna är undertecknare och knuten till sitt personnummer
    Och att Bengt är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift
    När Anna öppnar sin länk och legitimerar sig som Anna
    Och Anna öppnar Bengts länk
    Så är Annas identitetskontroll godkänd
    Men Bengts identitetskontroll väntar fortfarande
    Och underskriften är spärrad för Bengt

  @BLK-005 @must @core @needs:weak-methods
  Scenario: Efter ett fel finns ingen genväg
    Givet att Anna är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift
    När Bengt öppnar Annas länk och legitimerar sig som Bengt
    Så är Annas identitetskontroll underkänd
    När Anna försöker skriva under med en kod via e-post
    Så nekas det
    Och Anna är inte undertecknad

  @BLK-007 @must
  Scenario: De andra drabbas inte
    Givet att Anna är undertecknare och knuten till sitt personnummer
    Och att Bengt är undertecknare och knuten till sitt personnummer
    Och att avtalet är skickat för underskrift
    När Bengt öppnar sin länk och legitimerar sig som Bengt
    Och Bengt öppnar Annas länk och legitimerar sig som Bengt
    Så är Annas identitetskontroll underkänd
    Och Bengts identitetskontroll är godkänd
