Feature: No signature without the right person
  A check that fails and lets the signature through is decoration. Signing is blocked by the service, not by a button that is
  grey: on every way, in every browser, and for as long as it takes.

  Background:
    Given these test people
      | person  |
      | Anna    |
      | Bengt   |
      | Cecilia |
    And an agreement in draft
    And Anna is a signer bound to her own number

  @BLK-001 @must @core @each-provider @needs:sign
  Scenario: After a failed check nothing can be signed
    Given the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And signing is blocked for Anna
    And Anna is not signed
    And the agreement is not fulfilled

  @BLK-001 @must @core @needs:sign
  Scenario: The right person can sign: the door is not simply walled up
    Given the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    And Anna signs
    Then Anna is signed
    And the agreement is fulfilled

  @BLK-002 @must @core @needs:sign
  Scenario: Without any identification nothing can be signed
    Given the agreement is sent for signing
    When Anna opens Anna's sign link
    Then signing is blocked for Anna
    And Anna is not signed
    And the agreement is not fulfilled

  @BLK-002 @must @core @needs:weak-methods
  Scenario: While the identification is under way nothing can be signed
    Given the agreement is sent for signing
    And Anna has started identifying
    When Anna tries to sign with an e-mail code
    Then it is refused
    And Anna is not signed

  @BLK-003 @must @needs:sign
  Scenario: There is no moment in which the signature comes before the check
    Given the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    And Anna signs
    Then Anna is signed
    And Anna was never signed before the identity check had passed

  @BLK-003 @must @needs:sign
  Scenario: While the provider keeps its answer back there is no signature
    Given the agreement is sent for signing
    When Anna starts identifying and the provider does not answer
    Then Anna is not signed
    When the provider recovers
    Then Anna was never signed before the identity check had passed

  @BLK-004 @must @core @needs:sign
  Scenario: A signature by the wrong person is thrown away
    Given the agreement is sent for signing
    When Bengt goes all the way to a signature as Bengt on Anna's sign link
    Then Anna is not signed
    And the agreement is not fulfilled
    And no signature of Bengt can be found anywhere

  @BLK-005 @must @core @needs:weak-methods
  Scenario: After a failed check there is no easier way
    Given Cecilia is a signer without a number
    And the agreement is sent for signing
    When Cecilia tries to sign with an e-mail code
    Then Cecilia is signed
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And no weaker way to sign is offered to Anna
    When Anna tries to sign with an e-mail code
    Then it is refused
    And Anna is not signed

  @BLK-006 @must @core @needs:sign
  Scenario: The agreement waits for everybody
    Given Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When Bengt opens his sign link and identifies as Bengt
    And Bengt signs
    And Cecilia opens Anna's sign link and identifies as Cecilia
    Then the identity check of Anna is failed
    And Bengt is signed
    And the agreement is not fulfilled

  @BLK-007 @must @each-provider
  Scenario: One signer's failure is not the others'
    Given Bengt is a signer bound to his own number
    And Cecilia is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens his sign link and identifies as Bengt
    And Cecilia opens Anna's sign link and identifies as Cecilia
    Then these identity checks hold
      | person  | status  |
      | Anna    | failed  |
      | Bengt   | passed  |
      | Cecilia | pending |

  @BLK-008 @must @core @each-provider @needs:sign
  Scenario: Another browser or a fresh link does not help
    Given the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And signing is blocked for Anna in another browser too
    And Anna is not signed

  @BLK-012 @must @core @needs:sign @when:sign=second-transaction
  Scenario: Who signs is who passed
    Given the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    When Anna signs, but Bengt answers the signing request
    Then Anna is not signed
    And the agreement is not fulfilled
    And no signature of Bengt can be found anywhere
