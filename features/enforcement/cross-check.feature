Feature: Only the intended person passes
  Whoever has the link can pass it on. The check compares the number that the sender has named with the number of the person who
  really authenticated: nothing else, and nobody else's word.

  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft

  @XCK-001 @must @core @each-provider
  Scenario: The intended person identifies
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And Anna can sign

  @XCK-001 @must @core
  Scenario Outline: The intended person identifies with the eID of their country: <country>
    Given these test people
      | person | country   |
      | Kim    | <country> |
    And Kim is a signer bound to their own number
    And the agreement is sent for signing
    When Kim opens their sign link and identifies as Kim
    Then the identity check of Kim is passed

    Examples:
      | country |
      | SE      |
      | NO      |
      | DK      |
      | FI      |
      | EE      |
      | LV      |
      | LT      |

  @XCK-002 @must @core @each-provider
  Scenario: Somebody else uses the sign link
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And it never was passed
    And signing is blocked for Anna

  @XCK-002 @must @core
  Scenario Outline: Somebody else's eID of the same country fails: <country>
    Given these test people
      | person | country   |
      | Kim    | <country> |
      | Robin  | <country> |
    And Kim is a signer bound to their own number
    And the agreement is sent for signing
    When Robin opens Kim's sign link and identifies as Robin
    Then the identity check of Kim is failed

    Examples:
      | country |
      | NO      |
      | DK      |
      | FI      |
      | EE      |
      | LV      |
      | LT      |

  @XCK-003 @must @core
  Scenario Outline: Born a hundred years apart: <bound> and <other>
    Given these test people
      | person    | country | number       |
      | Frideborg | SE      | 190506012384 |
      | Fanny     | SE      | 200506012384 |
      | Greta     | SE      | 190606012383 |
      | Gabriella | SE      | 200606012383 |
      | Hjalmar   | SE      | 190302152392 |
      | Hugo      | SE      | 200302152392 |
    And <bound> is a signer bound to their own number
    And the agreement is sent for signing
    When <other> opens <bound>'s sign link and identifies as <other>
    Then the identity check of <bound> is failed
    And it never was passed

    Examples:
      | bound     | other     |
      | Frideborg | Fanny     |
      | Gabriella | Greta     |
      | Hjalmar   | Hugo      |

  @XCK-004 @must @core
  Scenario Outline: Half a number is nobody: <why>
    Given these test people
      | person | country | number       |
      | Anna   | SE      | 198501012382 |
      | David  | SE      | 198501012390 |
      | Eva    | SE      | 198501192382 |
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    When <other> opens Anna's sign link and identifies as <other>
    Then the identity check of Anna is failed
    And it never was passed

    Examples:
      | why                | other |
      | born the same day  | David |
      | the same last four | Eva   |

  @XCK-005 @must
  Scenario: The same name and another number
    Given these test people
      | person | country | number       | name           |
      | Anna   | SE      | 198501012382 | Anna Åkerström |
      | Annika | SE      | 197803122386 | Anna Åkerström |
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Annika opens Anna's sign link and identifies as Annika
    Then the identity check of Anna is failed
    And it never was passed

  @XCK-005 @must
  Scenario: The same number and another name
    Given these test people
      | person | country | number       | name                   |
      | Anna   | SE      | 198501012382 | Anna Åkerström         |
      | Maria  | SE      | 198501012382 | Anna Maria Svensson-Ek |
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Maria opens Anna's sign link and identifies as Maria
    Then the identity check of Anna is passed

  @XCK-006 @must @core @each-provider
  Scenario Outline: Without a number nobody is the right person: <report>
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is pending
    And it never was passed
    And signing is blocked for Anna

    Examples:
      | report                 |
      | gives no number        |
      | gives an empty number  |

  @XCK-007 @must @core @each-provider
  Scenario: A technical id is not the number
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider gives the number in the place of a technical id
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

  @XCK-008 @must @core @each-provider @provider:zignsec-v2 @provider:zignsec-v3 @provider:signicat
  Scenario: What was asked for is not who came
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link, types Anna's number and identifies as Bengt
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

  @XCK-008 @must @core @each-provider @provider:zignsec-v2 @provider:zignsec-v3 @provider:signicat
  Scenario: An echo of the request is not an answer
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna types Anna's number, identifies as Bengt, and the provider gives the number only as an echo of the request
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

  @XCK-008 @should @provider:zignsec-gateway
  Scenario: Who was asked for and who signed are two people
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link, types Anna's number and identifies as Bengt
    Then the identity check of Anna is not passed

  @XCK-009 @must @core @each-provider
  Scenario: What the browser says is no evidence
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When Anna returns without having identified, with "state=FINISHED&PersonalNumber=NUMBER" added to the address
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

  @XCK-009 @must @core @each-provider @when:evidence=fetch
  Scenario: The result comes from the provider itself
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the result was fetched from the provider

  @XCK-010 @must @core @each-provider
  Scenario: The same digits in another country are another person
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider gives the right number under another country
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

  @XCK-011 @must @core @each-provider
  Scenario: One person's identification is not another's
    Given Anna is a signer bound to her own number
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    And Anna opens Bengt's sign link
    Then the identity check of Anna is passed
    And the identity check of Bengt is still pending
    And signing is blocked for Bengt

  @XCK-011 @must @core
  Scenario: Two signers at one e-mail address are still two
    Given Anna and Bengt are signers with the same e-mail address, each bound to their own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the identity check of Bengt is still pending

  @XCK-012 @must
  Scenario: An address record of somebody else beside the identity does not decide
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider gives somebody else's address record beside the identity
    Then the identity check of Anna is passed

  @XCK-012 @must
  Scenario: Somebody else stays somebody else, whatever stands beside the identity
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link, identifies as Bengt, and the provider gives somebody else's address record beside the identity
    Then the identity check of Anna is failed

  @XCK-013 @should @each-provider
  Scenario Outline: An answer that can be read in two ways does not pass: <report>
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed

    Examples:
      | report                                         |
      | gives the number twice, somebody else's first  |
      | gives a list in place of the number            |

  @XCK-015 @must
  Scenario: A Danish login without the CPR number is not a match
    Given these test people
      | person | country |
      | Ditte  | DK      |
    And Ditte is a signer bound to her own number
    And the agreement is sent for signing
    When Ditte types Ditte's number, identifies as Ditte, and the provider gives only a technical id
    Then the identity check of Ditte is pending
    And it never was passed
    And signing is blocked for Ditte

  @XCK-016 @must
  Scenario: A Norwegian login without the national number is not a match
    Given these test people
      | person | country |
      | Nora   | NO      |
    And Nora is a signer bound to her own number
    And the agreement is sent for signing
    When Nora types Nora's number, identifies as Nora, and the provider gives only a technical id
    Then the identity check of Nora is pending
    And it never was passed
    And signing is blocked for Nora

  @XCK-013 @should @provider:zignsec-gateway
  Scenario: A signed identity with two numbers does not pass
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider signs two numbers, somebody else's first
    Then the identity check of Anna is not passed

  @XCK-017 @must @provider:zignsec-gateway
  Scenario: Of whom only the e-mail address is known nothing is known
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider signs an identity of the lowest level
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @XCK-018 @must @each-provider @provider:zignsec-v2 @provider:zignsec-v3 @provider:signicat
  Scenario: An identification by another method than the one started does not pass
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider gives the right number under another method
    Then the identity check of Anna is not passed

  @XCK-018 @should @provider:zignsec-gateway
  Scenario: A signed identity by another way than the one started is doubtful
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider gives the right number under another method
    Then the identity check of Anna is not passed
