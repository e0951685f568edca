@provider:zignsec-gateway
Feature: What the provider signs
  Some providers sign what they say of a person. Then nothing else counts: not what stands unsigned beside it, not a signature that
  anybody could have made, and not a genuine signature about something else. Every scenario ends with an honest identification, which
  shows that the door is not simply walled up.

  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing

  @TOK-001 @must @core
  Scenario: A rightly signed identity gets through
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the result was fetched from the provider

  @TOK-001 @must @core
  Scenario Outline: Without a signature anybody could have written it: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                     |
      | sends the identity without a signature     |
      | sends the identity under another signature |
      | sends the identity under half a signature  |
      | sends no signed identity                   |

  @TOK-002 @must
  Scenario: One digit changed after signing makes all of it worthless
    When Anna starts identifying and the provider changes a digit of the identity after signing it
    Then the identity check of Anna is pending
    And it never was passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-003 @must @core
  Scenario: Only what is signed counts: somebody else's signed identity with the right one beside it
    When Anna starts identifying and the provider signs somebody else's identity and writes the right one beside it
    Then the identity check of Anna is failed
    And it never was passed
    And signing is blocked for Anna

  @TOK-003 @should
  Scenario: Only what is signed counts: somebody else's name beside the right signed identity locks nobody out
    When Anna starts identifying and the provider signs the right identity and writes somebody else's beside it
    Then the identity check of Anna is not failed

  @TOK-004 @must
  Scenario Outline: What says of itself that it is unsigned is unsigned: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                |
      | marks the identity as unsigned (none) |
      | marks the identity as unsigned (None) |
      | marks the identity as unsigned (nOnE) |
      | marks the identity as unsigned (NONE) |

  @TOK-004 @should
  Scenario: A signature of no kind is no signature
    When Anna starts identifying and the provider does not say how the identity is signed
    Then the identity check of Anna is not passed

  @TOK-005 @must
  Scenario Outline: The public key is no secret that one could sign with: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                                   |
      | signs the identity with the public key as a secret (PEM) |
      | signs the identity with the public key as a secret (DER) |
      | signs the identity with the public key as a secret (JWK) |
      | signs the identity with the certificate as a secret      |

  @TOK-006 @must
  Scenario Outline: A key that comes with its own signature proves nothing: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                              |
      | brings the key to its signature along (jwk)         |
      | brings the key to its signature along (x5c)         |
      | says itself where the key to its signature is (jku) |
      | says itself where the key to its signature is (x5u) |

  @TOK-006 @PRV-027 @should
  Scenario Outline: Where a token says that its key is, nobody looks: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And no key was fetched from where a token said it was

    Examples:
      | report                                              |
      | says itself where the key to its signature is (jku) |
      | says itself where the key to its signature is (x5u) |

  @TOK-007 @must @core
  Scenario Outline: Only the provider's own key signs: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                                      |
      | signs the identity with a foreign key under the right name  |
      | signs the identity with a key that nobody knows             |

  @TOK-007 @should
  Scenario Outline: A key that is out of use signs nothing any more: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed

    Examples:
      | report                                             |
      | signs the identity with a key whose time is over   |
      | signs the identity with a key that was withdrawn   |

  @TOK-007 @should
  Scenario: A certificate whose time is over is not trusted, even where it still lies among the others
    Given the provider still hands out certificates that are out of use
    # Whoever reads them with measure has read them now.
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    Given another agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider signs the identity with a key whose time is over
    Then the identity check of Anna is not passed
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-007 @TOK-012 @should
  Scenario: A certificate that was taken away is trusted no more
    Given the provider still hands out certificates that are out of use
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    Given the provider hands out only the certificates that are in use
    And another agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider signs the identity with a key that was withdrawn
    Then the identity check of Anna is not passed
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-008 @must @core
  Scenario: A genuine identity of another session is a paper of yesterday
    When Anna starts identifying and the provider signs the identity for another session
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-009 @must
  Scenario Outline: Signed is not approved: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                                 |
      | says approved and signs that it was rejected           |
      | signs the identity without saying that it was approved |

  @TOK-010 @must
  Scenario Outline: Digits alone do not say what they are: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is pending
    And it never was passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                           |
      | signs the number as an e-mail address            |
      | signs the number in the place of a technical id  |
      | signs no number                                  |
      | signs an empty number                            |

  @TOK-010 @XCK-008 @should
  Scenario: What was asked for is signed as well, and says nothing of who came
    When Anna types Anna's number, identifies as Anna, and the provider signs no number
    Then the identity check of Anna is not passed

  @TOK-010 @XCK-010 @must
  Scenario: The right digits under another country are another person's
    When Anna starts identifying and the provider signs the right digits under another country
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

  @TOK-011 @should
  Scenario Outline: A signed identity is fresh: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed

    Examples:
      | report                                              |
      | dates the signed identity a day back                |
      | dates the signed identity an hour ahead             |
      | counts the time of the signed identity in seconds   |

  @TOK-012 @must
  Scenario: A key that cannot be had opens nothing, and turns nothing off
    When Anna starts identifying and the provider signs the identity with a key that nobody knows
    Then the identity check of Anna is not passed
    And the service still answers
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-012 @must
  Scenario: As long as no certificate can be had, nobody is believed whom none is known for
    Given the provider hands out no certificates
    When Anna starts identifying and the provider signs the identity with a key that nobody knows
    Then the identity check of Anna is not passed
    And it never was passed
    And signing is blocked for Anna
    And the service still answers
    Given the provider hands out only the certificates that are in use
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-026 @must
  Scenario Outline: What is no signed identity is none: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And the service still answers
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                               |
      | sends the signed identity in two parts               |
      | sends the signed identity in four parts              |
      | demands something for the signature that nobody knows |
      | says that the signed identity is not encoded         |

  @TOK-026 @should
  Scenario Outline: What is badly written is not read: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And the service still answers

    Examples:
      | report                                                               |
      | writes the signed identity with characters that do not belong there  |
      | pads the parts of the signed identity                                |
      | says twice and differently how the identity is signed                |

  @TOK-026 @must
  Scenario: A signed identity of a megabyte does not bring the service down
    When Anna starts identifying and the provider sends a signed identity of a megabyte
    Then the service still answers
    And the identity check of Anna is not failed

  @TOK-027 @must
  Scenario: A signed identity counts once
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    Given another agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider repeats its answer about the earlier attempt
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
