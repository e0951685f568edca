Feature: One person, many spellings
  A national number is typed with or without century, hyphen and blanks. The right person must not be locked out by a spelling,
  and two people must never become one. Where a service takes only some spellings, refusing the others is right; guessing is not.

  Background:
    Given these test people
      | person    | country | number       |
      | Anna      | SE      | 198501012382 |
      | Fanny     | SE      | 200506012384 |
      | Frideborg | SE      | 190506012384 |
    And an agreement in draft

  @NRM-001 @must
  Scenario Outline: The way the number is typed does not matter: <what>
    Given Anna is a signer bound to her own number, written as "<written>"
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | what                  | written          |
      | twelve digits         | YYYYMMDDNNNN     |
      | with a hyphen         | YYYYMMDD-NNNN    |
      | ten digits            | YYMMDD-NNNN      |
      | with a blank          | YYYYMMDD NNNN    |
      | with blanks within    | YYYY MM DD NN NN |
      | with blanks around it | [U+0020]YYYYMMDDNNNN[U+0020] |

  @NRM-001 @must
  Scenario Outline: However it is typed, somebody else is somebody else: <written>
    Given these test people
      | person | country | number       |
      | Bengt  | SE      | 198501012390 |
    And Anna is a signer bound to her own number, written as "<written>"
    And the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed

    Examples:
      | written       |
      | YYYYMMDD-NNNN |
      | YYMMDD-NNNN   |

  @NRM-002 @should
  Scenario Outline: The way the provider writes the number does not lock the right person out: <report>
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not failed

    Examples:
      | report                                |
      | gives the number with a hyphen        |
      | gives the number with ten digits      |
      | gives the number with blanks around it |

  @NRM-002 @must
  Scenario: Ten digits from the provider do not turn a young person into an old one
    Given Frideborg is a signer bound to her own number
    And the agreement is sent for signing
    When Fanny opens Frideborg's sign link, identifies as Fanny, and the provider gives the number with ten digits
    Then the identity check of Frideborg is not passed

  @NRM-003 @must
  Scenario: A hyphen means the young person
    Given Fanny is a signer bound to her own number, written as "YYMMDD-NNNN"
    And the agreement is sent for signing
    When Fanny opens her sign link and identifies as Fanny
    Then the identity check of Fanny is passed

  @NRM-003 @must
  Scenario: A hyphen does not mean the person a hundred years older
    Given Fanny is a signer bound to her own number, written as "YYMMDD-NNNN"
    And the agreement is sent for signing
    When Frideborg opens Fanny's sign link and identifies as Frideborg
    Then the identity check of Fanny is failed

  @NRM-004 @must
  Scenario: Ten digits without a sign mean one person at most: the young one
    Given Fanny is a signer bound to her own number, written as "YYMMDDNNNN"
    And the agreement is sent for signing
    When Fanny opens her sign link and identifies as Fanny
    Then the identity check of Fanny is passed

  @NRM-004 @must
  Scenario: Ten digits without a sign never mean the old one as well
    Given Fanny is a signer bound to her own number, written as "YYMMDDNNNN"
    And the agreement is sent for signing
    When Frideborg opens Fanny's sign link and identifies as Frideborg
    Then the identity check of Fanny is not passed

  @NRM-005 @must
  Scenario: A plus means the old person
    Given Frideborg is a signer bound to her own number, written as "YYMMDD+NNNN"
    And the agreement is sent for signing
    When Frideborg opens her sign link and identifies as Frideborg
    Then the identity check of Frideborg is passed

  @NRM-005 @NRM-006 @must
  Scenario: A plus is never lost on the way
    Given Frideborg is a signer bound to her own number, written as "YYMMDD+NNNN"
    And the agreement is sent for signing
    When Fanny opens Frideborg's sign link and identifies as Fanny
    Then the identity check of Frideborg is failed

  @NRM-007 @must
  Scenario Outline: A day that never was is refused: <what>
    When the sender adds Anna as a signer, the number written as "<written>"
    Then it is refused, or Anna has to identify first
    And nobody was added without the identity check that was asked for

    Examples:
      | what                           | written      |
      | month 13                       | YYYY13DDNNNN |
      | day 00                         | YYYYMM00NNNN |
      | day 32                         | YYYYMM32NNNN |
      | 30 February                    | YYYY0230NNNN |
      | 29 February in a common year   | 20010229NNNN |
      | 29 February in 1900            | 19000229NNNN |

  @NRM-007 @must
  Scenario Outline: An unusual but official number is taken: <what>
    Given these test people
      | person | country | number       |
      | Linus  | SE      | 200002292399 |
      | Kim    | SE      | 191500722390 |
      | Noor   | SE      | 194300912385 |
      | Robin  | SE      | 191711602399 |
    And <who> is a signer bound to their own number
    And the agreement is sent for signing
    When <who> opens their sign link and identifies as <who>
    Then the identity check of <who> is passed

    Examples:
      | who   | what                                 |
      | Linus | born on a leap day                   |
      | Kim   | coordination number without a month  |
      | Noor  | another one without a month          |
      | Robin | coordination number without a day    |

  @NRM-008 @must
  Scenario: A coordination number is a number of its own
    Given these test people
      | person | country | number       |
      | Inez   | SE      | 198501612389 |
    And Inez is a signer bound to her own number
    And the agreement is sent for signing
    When Inez opens her sign link and identifies as Inez
    Then the identity check of Inez is passed

  @NRM-008 @must
  Scenario Outline: A coordination number is never the personal number of the same day: <bound> and <other>
    Given these test people
      | person | country | number       |
      | Inez   | SE      | 198501612389 |
      | Olga   | SE      | 198501019882 |
    And <bound> is a signer bound to her own number
    And the agreement is sent for signing
    When <other> opens <bound>'s sign link and identifies as <other>
    Then the identity check of <bound> is failed

    Examples:
      | bound | other |
      | Inez  | Anna  |
      | Anna  | Inez  |
      | Inez  | Olga  |

  @NRM-008 @must
  Scenario: A coordination number is not made into a personal number
    Given these test people
      | person | country | number       |
      | Inez   | SE      | 198501612389 |
    And Anna is a signer bound to her own number, written as "YYYYMMDDNNN9"
    And the agreement is sent for signing
    When Inez opens Anna's sign link and identifies as Inez
    Then the identity check of Anna is not passed

  @NRM-009 @should
  Scenario: A mistyped check digit is not corrected in silence
    Given Anna is a signer bound to her own number, written as "YYYYMMDDNNNX"
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is not passed

  @NRM-010 @must
  Scenario: Leading zeros belong to a Norwegian number
    Given these test people
      | person | country | number      |
      | Nora   | NO      | 01859030188 |
    And Nora is a signer bound to her own number
    And the agreement is sent for signing
    When Nora opens her sign link and identifies as Nora
    Then the identity check of Nora is passed

  @NRM-010 @must
  Scenario: Leading zeros belong to a Finnish number
    Given these test people
      | person | country | number      |
      | Aino   | FI      | 010105A901T |
    And Aino is a signer bound to her own number
    And the agreement is sent for signing
    When Aino opens her sign link and identifies as Aino
    Then the identity check of Aino is passed

  @NRM-010 @must
  Scenario: A number sent as a JSON number is refused or taken exactly
    When the sender adds Anna as a signer, the number as a JSON number
    Then nobody was added without the identity check that was asked for
    When the sender sends the agreement
    And Anna tries to identify as Anna
    Then the identity check of Anna is not failed

  @NRM-011 @must
  Scenario: A Danish number may be typed with a hyphen
    Given these test people
      | person | country | number     |
      | Ditte  | DK      | 7412850003 |
    And Ditte is a signer bound to her own number, written as "DDMMYY-NNNN"
    And the agreement is sent for signing
    When Ditte opens her sign link and identifies as Ditte
    Then the identity check of Ditte is passed

  @NRM-011 @must
  Scenario: A Danish number without the old check digit is a number
    Given these test people
      | person | country | number     |
      | Mette  | DK      | 7412850005 |
    And Mette is a signer bound to her own number
    And the agreement is sent for signing
    When Mette opens her sign link and identifies as Mette
    Then the identity check of Mette is passed

  @NRM-012 @must
  Scenario Outline: In a Finnish number the separator is part of the person: <bound> and <other>
    Given these test people
      | person | country | number      |
      | Aino   | FI      | 010105-901T |
      | Eero   | FI      | 010105A901T |
      | Helmi  | FI      | 100190-999P |
      | Toivo  | FI      | 100190Y999P |
    And <bound> is a signer bound to their own number
    And the agreement is sent for signing
    When <other> opens <bound>'s sign link and identifies as <other>
    Then the identity check of <bound> is failed

    Examples:
      | bound | other |
      | Aino  | Eero  |
      | Eero  | Aino  |
      | Helmi | Toivo |

  @NRM-012 @must
  Scenario: A Finnish number may be typed in lower case
    Given these test people
      | person | country | number      |
      | Helmi  | FI      | 100190-999P |
    And Helmi is a signer bound to her own number, written as "DDMMYYSnnnn"
    And the agreement is sent for signing
    When Helmi opens her sign link and identifies as Helmi
    Then the identity check of Helmi is passed

  @NRM-013 @must
  Scenario: A Norwegian number may be typed with a blank
    Given these test people
      | person | country | number      |
      | Nora   | NO      | 01859030269 |
    And Nora is a signer bound to her own number, written as "DDMMYY NNNNN"
    And the agreement is sent for signing
    When Nora opens her sign link and identifies as Nora
    Then the identity check of Nora is passed

  @NRM-013 @must
  Scenario: A Norwegian D-number is a number of its own
    Given these test people
      | person | country | number      |
      | Dag    | NO      | 41859030090 |
    And Dag is a signer bound to his own number
    And the agreement is sent for signing
    When Dag opens his sign link and identifies as Dag
    Then the identity check of Dag is passed

  @NRM-014 @must
  Scenario Outline: Nothing is not a number: <what>
    When the sender adds Anna as a signer, the number written as "<written>"
    Then it is refused, or Anna has to identify first
    And nobody was added without the identity check that was asked for

    Examples:
      | what         | written      |
      | empty        |              |
      | blanks       | [U+0020][U+0020] |
      | a hyphen     | -            |
      | only zeros   | 000000000000 |

  @NRM-014 @must
  Scenario: Nothing never equals nothing
    When the sender adds Anna as a signer, the number written as "-"
    And the sender sends the agreement
    And Anna starts identifying and the provider gives an empty number
    Then the identity check of Anna is not passed

  @NRM-015 @should
  Scenario Outline: A number pasted from a document is read right or refused: <what>
    Given Anna is a signer bound to her own number, written as "<written>"
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | what                   | written               |
      | a no-break space       | YYYYMMDD[U+00A0]NNNN  |
      | a thin space           | YYYYMMDD[U+2009]NNNN  |
      | a non-breaking hyphen  | YYYYMMDD[U+2011]NNNN  |
      | a dash                 | YYYYMMDD[U+2013]NNNN  |
      | a minus sign           | YYYYMMDD[U+2212]NNNN  |
      | a zero-width space     | [U+200B]YYYYMMDDNNNN  |
      | a tab at the end       | YYYYMMDDNNNN[U+0009]  |

  @NRM-016 @must
  Scenario Outline: A hostile text is refused, and the service goes on: <what>
    When the sender adds Anna as a signer, the number written as "<written>"
    Then it is refused, or Anna has to identify first
    And nobody was added without the identity check that was asked for
    And the service still answers

    Examples:
      | what                    | written                             |
      | a million digits        | [9 x 1000000]                       |
      | a hundred thousand blanks | YYYYMMDD[U+0020 x 100000]-ABCD    |
      | a NUL character         | YYYYMMDD[U+0000]NNNN                |

  @NRM-017 @must
  Scenario Outline: Two people whose numbers look alike stay two people: <why>
    Given these test people
      | person    | country | number       |
      | Greta     | SE      | 190606012383 |
      | Gabriella | SE      | 200606012383 |
      | David     | SE      | 198501012390 |
      | Eva       | SE      | 198501192382 |
      | Inez      | SE      | 198501612389 |
    And <bound> is a signer bound to their own number, written as "YYYYMMDD-NNNN"
    And the agreement is sent for signing
    When <other> opens <bound>'s sign link and identifies as <other>
    Then the identity check of <bound> is failed

    Examples:
      | why                   | bound | other     |
      | a hundred years apart | Greta | Gabriella |
      | born the same day     | Anna  | David     |
      | the same last four    | Anna  | Eva       |
      | a coordination number | Anna  | Inez      |

  @NRM-018 @should
  Scenario Outline: What only looks like a personal number is refused: <what>
    When the sender adds Anna as a signer, the number written as "<written>"
    Then it is refused
    And nobody was added without the identity check that was asked for

    Examples:
      | what                         | written      |
      | an organisation number       | 16YY45DDNNNN |
      | an interim number            | YYYYMMDDTNNN |

  @NRM-019 @should
  Scenario: A plus that contradicts the century makes nobody a hundred years older
    Given Fanny is a signer bound to her own number, written as "YYYYMMDD+NNNN"
    And the agreement is sent for signing
    When Frideborg opens Fanny's sign link and identifies as Frideborg
    Then the identity check of Fanny is not passed
