@provider:signicat
Feature: What the token of an OpenID provider is worth
  An OpenID provider says in a token who it was. The token is worth what its signature is worth, and it counts only where it is meant for
  this service, for this login and for this moment. Every scenario ends with an honest identification, which shows that the door is not
  simply walled up.

  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing

  @PRV-023 @TOK-007 @must @core
  Scenario: A rightly signed token gets through
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the result was fetched from the provider

  @TOK-002 @must
  Scenario Outline: What was changed after signing was never signed: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                        |
      | changes a digit of the token after signing it |
      | sends the token under another signature       |
      | sends the token under half a signature        |

  @TOK-004 @must
  Scenario Outline: What says of itself that it is unsigned is unsigned: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                           |
      | marks the token as unsigned (none)               |
      | marks the token as unsigned (None)               |
      | marks the token as unsigned (nOnE)               |
      | marks the token as unsigned (NONE)               |
      | sends the token without a signature              |
      | sends the token without signing it at all        |

  @TOK-004 @should
  Scenario: A signature of no kind is no signature
    When Anna starts identifying and the provider does not say how the token is signed
    Then the identity check of Anna is not passed

  @TOK-005 @must
  Scenario Outline: The public key is no secret that one could sign with: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                                |
      | signs the token with the public key as a secret (PEM) |
      | signs the token with the public key as a secret (DER) |
      | signs the token with the public key as a secret (JWK) |

  @TOK-006 @must
  Scenario Outline: A key that comes with its own signature proves nothing: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                          |
      | brings the key to its token along (jwk)         |
      | brings the key to its token along (x5c)         |
      | says itself where the key to its token is (jku) |
      | says itself where the key to its token is (x5u) |

  @TOK-007 @must @core
  Scenario Outline: Only the provider's own key signs: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                                  |
      | signs the token with a foreign key under the right name |
      | signs the token with a key that nobody knows            |
      | signs the token with a key that was withdrawn           |

  @TOK-012 @must
  Scenario: Keys change, and people get through all the same
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    Given the provider takes a new key into use
    And another agreement in draft
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When Bengt tries to identify as Bengt
    Then the identity check of Bengt is passed

  @TOK-012 @must @exclusive
  Scenario Outline: Without the key nothing is verified, and what is not verified does not pass: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                                                            |
      | signs the token with a key that nobody knows, and gives no keys                   |
      | signs the token with a key that nobody knows, and gives no key at all             |
      | signs the token with a key that nobody knows, and gives keys that cannot be read  |

  @TOK-012 @must @exclusive
  Scenario: A name that nobody knows is asked about with measure
    When Anna starts identifying and the provider signs the token with a key that nobody knows
    Then the identity check of Anna is not passed
    And the provider's keys were fetched at most 5 times
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-013 @must
  Scenario Outline: A token in another issuer's name is another issuer's: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                          |
      | gives a token in the name of another issuer     |
      | gives a token whose issuer has a slash too many |
      | gives a token that names no issuer              |

  @TOK-014 @must @core
  Scenario Outline: A token for another service opens nothing here: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                                            |
      | gives a token that is meant for another service                   |
      | gives a token for several services that was issued to another one |

  @TOK-020 @TOK-014 @must
  Scenario: A genuine login at another service is no login here
    When Anna starts identifying and the provider gives a genuine token of a login at another service
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-015 @must
  Scenario Outline: A token counts within its time: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                 |
      | gives a token whose time is over       |
      | gives a token that does not count yet  |
      | gives a token without an end           |

  # A text is no NumericDate (RFC 7519 section 2), and comparisons that convert it can come out either way. But whoever reads the number in it
  # lets in the right person within the right time: that is no failure, and to be mended all the same.
  @TOK-015 @should
  Scenario: An end in quotation marks is no end
    When Anna starts identifying and the provider writes the end of the token as a text
    Then the identity check of Anna is not passed

  @TOK-015 @should
  Scenario: A token from the future is not of today
    When Anna starts identifying and the provider dates the token an hour ahead
    Then the identity check of Anna is not passed

  @TOK-016 @must
  Scenario Outline: The nonce ties the token to this one login: the provider <report>
    When Anna starts identifying and the provider <report>
    And a nonce had been sent
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                        |
      | leaves the nonce out of the token             |
      | gives a token with the nonce of another login |

  @TOK-017 @must
  Scenario Outline: Two halves of two people are nobody: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                          |
      | gives a token about somebody else               |
      | tells about the person under somebody else's id |

  # Whether this is somebody else, or evidence that contradicts itself where a signed document names the person, is for the service to say.
  @TOK-017 @must
  Scenario: Who is told about is who was there
    When Anna starts identifying and the provider tells about somebody else under the person's id
    Then the identity check of Anna is not passed
    And it never was passed
    And signing is blocked for Anna

  @TOK-018 @must
  Scenario: Another method than the demanded one is not what was demanded
    When Anna starts identifying and the provider says in the token that another method was used
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-018 @must
  Scenario: A list of methods says the same as one
    Given the provider lists the methods in the token
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-019 @should
  Scenario: Both tokens belong together
    When Anna starts identifying and the provider gives a token that belongs to another access token
    Then the identity check of Anna is not passed

  @TOK-019 @should
  Scenario: Tokens that belong together get through
    Given the provider names the access token in the token
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-021 @must @needs:encrypted-answers
  Scenario: What comes encrypted and signed gets through
    Given the provider encrypts its answers to the service
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @TOK-021 @must @needs:encrypted-answers
  Scenario Outline: Everybody can encrypt, so that a secret is no signature: the provider <report>
    Given the provider encrypts its answers to the service
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                                  |
      | sends the token without signing it at all               |
      | tells about the person without signing it at all        |
      | signs the token with a foreign key under the right name |
      | signs what it tells about the person with a foreign key |

  @TOK-022 @must @needs:encrypted-answers
  Scenario Outline: What was changed on the way is thrown away unread: the provider <report>
    Given the provider encrypts its answers to the service
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                                                    |
      | changes the key in the encrypted token                                    |
      | changes the initialisation vector of the encrypted token                  |
      | changes the content of the encrypted token                                |
      | changes the authentication tag of the encrypted token                     |
      | changes the header of the encrypted token                                 |
      | encrypts the token to somebody else                                       |
      | changes what it tells encrypted about the person                          |
      | changes the authentication tag of what it tells encrypted about the person |

  # Nothing was changed on the way here: the service's own key decrypts it, and what is inside is rightly signed. Whoever reads it all the same
  # lets in the right person, and is open to what the standards warn of (RFC 7516 section 4.1.13, RFC 8725 section 3.2).
  @TOK-022 @should @needs:encrypted-answers
  Scenario Outline: What was not agreed is not read: the provider <report>
    Given the provider encrypts its answers to the service
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed

    Examples:
      | report                                                        |
      | demands something for decrypting the token that nobody knows  |
      | encrypts the token in a way that was not agreed (RSA1_5)      |

  @TOK-022 @must @needs:encrypted-answers
  Scenario: No answer tells what was wrong inside
    Given the provider encrypts its answers to the service
    And another agreement in draft
    And these test people
      | person  |
      | Kim     |
      | Robin   |
      | Sasha   |
      | Alex    |
      | Charlie |
    And Kim is a signer bound to their own number
    And Robin is a signer bound to their own number
    And Sasha is a signer bound to their own number
    And Alex is a signer bound to their own number
    And Charlie is a signer bound to their own number
    And the agreement is sent for signing
    When Kim starts identifying and the provider changes the key in the encrypted token
    And Robin starts identifying and the provider changes the initialisation vector of the encrypted token
    And Sasha starts identifying and the provider changes the content of the encrypted token
    And Alex starts identifying and the provider changes the authentication tag of the encrypted token
    And Charlie starts identifying and the provider encrypts the token to somebody else
    Then all of them are answered alike
    When Kim opens their sign link and identifies as Kim
    Then the identity check of Kim is passed

  @TOK-026 @must
  Scenario Outline: What is no token is none: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And the service still answers
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                            |
      | gives no token about the person                   |
      | sends the token in two parts                      |
      | sends the token in four parts                     |
      | demands something for the token that nobody knows |
      | says that the token is not encoded                |

  @TOK-026 @should
  Scenario Outline: What is badly written is not read: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And the service still answers

    Examples:
      | report                                                     |
      | writes the token with characters that do not belong there  |
      | pads the parts of the token                                |
      | says twice and differently how the token is signed         |

  @TOK-026 @must
  Scenario: A token of a megabyte does not bring the service down
    When Anna starts identifying and the provider sends a token of a megabyte
    Then the service still answers
    And the identity check of Anna is not failed

  @TOK-027 @must
  Scenario: A login counts once
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    Given another agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider repeats its answer about the earlier attempt
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
