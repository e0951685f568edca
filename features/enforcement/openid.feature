@provider:signicat
Feature: The way to an OpenID provider and back
  The service asks in an encrypted request, waits until the person is done, fetches a code over redirects, exchanges it, and reads who it
  was; where something is signed, it fetches what was signed. Each step can fail, and each can be another's. That the person is done is
  said early, and proves nothing.

  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing

  @PRV-022 @must
  Scenario Outline: Each country has words of its own for the same way: <country>
    Given another agreement in draft
    And these test people
      | person | country   |
      | Kim    | <country> |
      | Robin  | <country> |
    And Kim is a signer bound to their own number
    And the agreement is sent for signing
    When Kim opens their sign link and identifies as Kim
    Then the identity check of Kim is passed

    Examples:
      | country |
      | SE      |
      | NO      |

  @PRV-022 @must
  Scenario Outline: In neither country's words is somebody else the right person: <country>
    Given another agreement in draft
    And these test people
      | person | country   |
      | Kim    | <country> |
      | Robin  | <country> |
    And Kim is a signer bound to their own number
    And the agreement is sent for signing
    When Robin opens Kim's sign link and identifies as Robin
    Then the identity check of Kim is failed
    And signing is blocked for Kim

    Examples:
      | country |
      | SE      |
      | NO      |

  @PRV-023 @must @core
  Scenario Outline: That somebody is done does not say who it was: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                           |
      | answers with an error when asked to complete     |
      | refuses to exchange the code                     |
      | breaks down when the code is exchanged           |
      | answers the exchange of the code without a token |

  @PRV-024 @must
  Scenario Outline: An error at any step ends the attempt, and the next one can succeed: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                          |
      | answers the start with an error                 |
      | answers with an error when asked how it stands  |
      | answers with an error when asked to complete    |
      | refuses to exchange the code                    |
      | refuses to tell about the person                |
      | breaks down when asked about the person         |

  @PRV-024 @must @needs:sign
  Scenario: An error at the last step ends the signature, and the next one can succeed
    When Anna goes all the way to a signature and the provider hands out nothing as the document
    Then Anna is not signed
    When Anna goes all the way to a signature as Anna on Anna's sign link
    Then Anna is signed

  @PRV-025 @must
  Scenario: The service goes the documented way
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the provider's cookies were kept and its redirects followed

  @PRV-025 @must
  Scenario Outline: The way can be longer than usual: the provider <habit>
    Given the provider <habit>
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the provider's cookies were kept and its redirects followed

    Examples:
      | habit                                 |
      | sets another cookie with each answer  |
      | leads back over four redirects        |

  @PRV-026 @must @needs:sign
  Scenario: What cannot be shown was not signed
    When Anna goes all the way to a signature and the provider does not hand out the document any more
    Then Anna is not signed
    And the agreement is not fulfilled
    When Anna goes all the way to a signature as Anna on Anna's sign link
    Then Anna is signed

  @PRV-027 @must
  Scenario: Where a stranger's address leads, nobody follows
    When Anna starts identifying and the provider leads to a foreign host for completion
    Then the identity check of Anna is not passed
    And no foreign host was asked
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @SES-006 @must
  Scenario Outline: What comes back without what was sent is another's: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                                 |
      | leads back without the state           |
      | leads back with a state that nobody sent |

  @SES-006 @TOK-024 @must
  Scenario: What ties the way back to the way there cannot be guessed
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    Given another agreement in draft
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When Bengt opens his sign link and identifies as Bengt
    Then each request had a state that nobody can guess

  # Where the service follows the way back itself, no browser returns, and there is nothing to repeat.
  @SES-006 @must
  Scenario: What has come back has come back once
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    Given another agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When Anna repeats the return of Anna
    Then the identity check of Anna is still pending
    And signing is blocked for Anna
    When Anna's attempt finishes as Anna
    Then the identity check of Anna is passed

  # The service has to read anew what the provider tells of itself, for as long as the scenario lasts: it declares that it does.
  @SES-012 @must @needs:response-issuer
  Scenario: Who answers in the right name gets through
    Given the provider names itself on the way back
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  # RFC 9207 section 2.4 binds whoever supports it. Two issuers can be mixed up where there are two: a service with one may pass over the name.
  @SES-012 @should
  Scenario: Who answers in another's name was not asked
    When Anna starts identifying and the provider leads back in the name of another issuer
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @SES-012 @must @needs:response-issuer
  Scenario: Who is promised a name takes no other
    Given the provider names itself on the way back
    When Anna starts identifying and the provider leads back in the name of another issuer
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @SES-013 @must
  Scenario: A code that was slipped in decides nothing, neither for nor against
    When Anna starts identifying and the provider leads back with the code of somebody else's login
    Then the identity check of Anna is pending
    And it never was passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @SES-015 @must
  Scenario: A stranger's error ends nobody's attempt
    When Anna starts identifying and the provider first leads back with an error and a state that nobody sent
    Then the identity check of Anna is passed

  @TOK-023 @should
  Scenario: Nobody on the way reads what is asked
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the request was encrypted as the provider documents

  @TOK-023 @should
  Scenario: Each request has a key of its own
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    Given another agreement in draft
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When Bengt opens his sign link and identifies as Bengt
    Then the identity check of Bengt is passed
    And no two requests were encrypted with the same key

  @TOK-024 @should
  Scenario: The request says what it has to say
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the request held what the provider documents

  @TOK-024 @should @needs:sign
  Scenario: Each agreement is signed under its own text
    When Anna goes all the way to a signature as Anna on Anna's sign link
    Then Anna is signed
    Given another agreement in draft
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When Bengt goes all the way to a signature as Bengt on Bengt's sign link
    Then Bengt is signed
    And each agreement had a text of its own to sign
    And the request held what the provider documents

  @TOK-025 @must @needs:sign
  Scenario Outline: A signature is of this text and by this person, or it is none: the provider <report>
    When Anna goes all the way to a signature and the provider <report>
    Then Anna is not signed
    And the agreement is not fulfilled
    When Anna goes all the way to a signature as Anna on Anna's sign link
    Then Anna is signed

    Examples:
      | report                                           |
      | gives a document that somebody else signed       |
      | gives a document with another text               |
      | gives a document without a seal                  |
      | gives a document under the seal of another one   |
      | gives a document that a stranger has sealed      |
      | hands out nothing as the document                |

  @BLK-004 @TOK-025 @must @core @needs:sign
  Scenario: A signature by the wrong person is thrown away
    When Bengt goes all the way to a signature as Bengt on Anna's sign link
    Then Anna is not signed
    And the agreement is not fulfilled
    And no signature of Bengt can be found anywhere

  @BLK-012 @TOK-025 @must @core @needs:sign @when:sign=second-transaction
  Scenario: Who signs is who passed
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    When Anna signs, but Bengt answers the signing request
    Then Anna is not signed
    And the agreement is not fulfilled
    And no signature of Bengt can be found anywhere
