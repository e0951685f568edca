Feature: Asking for the identity check
  The sender says whose identity is to be checked. From then on nobody may be able to lose that wish: not by a slip of the
  sender, not by a second request, and least of all by the person who is to be checked.

  Background:
    Given these test people
      | person  |
      | Anna    |
      | Bengt   |
      | Cecilia |
    And an agreement in draft

  @CFG-001 @must @each-provider
  Scenario: A signer with a number has a pending identity check
    Given Anna is a signer bound to her own number
    Then the identity check of Anna is on
    And the identity check of Anna is pending
    And the identity check of Anna names its method

  @CFG-002 @must @needs:update-participant @when:binding_change=draft-only
  Scenario: Once the agreement is sent, the number stays
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When the sender binds Anna to Bengt's number
    Then it is refused
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed

  @CFG-002 @must @needs:update-participant @when:binding_change=draft-only
  Scenario: Once the agreement is sent, the check cannot be turned off
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When the sender turns the identity check of Anna off
    Then it is refused
    And the identity check of Anna is on
    And signing is blocked for Anna

  @CFG-002 @must @needs:update-participant @when:binding_change=draft-only
  Scenario: A failed check cannot be turned off to get the signature after all
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    And the sender turns the identity check of Anna off
    Then it is refused
    And the identity check of Anna is on
    And signing is blocked for Anna

  @CFG-002 @must @needs:update-participant @when:binding_change=until-first-attempt
  Scenario: Once somebody has begun to identify, the number stays
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When the sender binds Anna to Bengt's number
    Then it is refused
    When Anna's attempt finishes as Bengt
    Then the identity check of Anna is failed

  @CFG-002 @CFG-008 @must @core @needs:update-participant @when:binding_change=versioned
  Scenario: Where the number may change at any time, the change undoes what was before
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    And the sender binds Anna to Bengt's number
    Then the identity check of Anna is still pending
    And signing is blocked for Anna

  @CFG-003 @must @needs:weak-methods
  Scenario: A signer without a number signs as usual
    Given Cecilia is a signer without a number
    And the agreement is sent for signing
    Then the identity check of Cecilia is off
    When Cecilia tries to sign with an e-mail code
    Then Cecilia is signed

  @CFG-004 @must @needs:roles
  Scenario: A number on somebody who does not sign is not quietly dropped
    When the sender adds Anna as an approver bound to Anna's number
    Then it is refused, or the identity check of Anna is on

  @CFG-005 @must @core
  Scenario Outline: A number that cannot be read is refused: <what>
    When the sender adds Anna as a signer, the number written as "<written>"
    Then it is refused, or Anna has to identify first
    And nobody was added without the identity check that was asked for

    Examples:
      | what            | written        |
      | a word          | later          |
      | too short       | YYYYMMDD       |
      | too long        | YYYYMMDDNNNN0  |
      | letters within  | YYYYMMDD-ABCD  |
      | a question mark | YYYYMMDD-NNN?  |

  @CFG-006 @must @needs:batch
  Scenario: One unreadable number among several leaves nobody unchecked
    When the sender adds these people in one go
      | person  | written       |
      | Anna    | YYYYMMDDNNNN  |
      | Bengt   | YYYY13DDNNNN  |
      | Cecilia | YYYYMMDD-NNNN |
    Then nobody was added without the identity check that was asked for

  @CFG-007 @must @needs:update-participant
  Scenario: In draft the sender can turn the check off, and that leaves a trace
    Given Anna is a signer bound to her own number
    When the sender turns the identity check of Anna off
    Then the identity check of Anna is off
    And the events tell that Anna was released from the check

  @CFG-008 @must @core @needs:update-participant
  Scenario: A corrected number replaces the old one: the old one is worthless
    Given Anna is a signer bound to her own number
    When the sender binds Anna to Bengt's number
    And the sender sends the agreement
    And Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is failed
    And it never was passed

  @CFG-008 @must @core @needs:update-participant
  Scenario: A corrected number replaces the old one: the new one counts
    Given Anna is a signer bound to her own number
    When the sender binds Anna to Bengt's number
    And the sender sends the agreement
    And Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is passed

  @CFG-008 @must @core @needs:update-participant @needs:reopen
  Scenario: After a new number the earlier pass is gone
    Given Anna is a signer bound to her own number
    And Cecilia is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    When the sender reopens the agreement
    And the sender binds Anna to Bengt's number
    And the sender sends it again
    Then the identity check of Anna is still pending
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is not passed

  @CFG-009 @must @core @needs:update-participant
  Scenario: Correcting the name or the address leaves the check as it was
    Given Anna is a signer bound to her own number
    When the sender renames Anna
    And the sender changes the e-mail address of Anna
    And the sender sends the agreement
    Then the identity check of Anna is on
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And signing is blocked for Anna

  @CFG-009 @must @core @needs:update-participant
  Scenario: After a correction of the name the right person still passes
    Given Anna is a signer bound to her own number
    When the sender renames Anna
    And the sender sends the agreement
    And Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @CFG-010 @must @core @needs:weak-methods @needs:trust-levels
  Scenario: A simple signature is not a way around the check
    Given an agreement in draft with trust level "SES"
    And Anna is a signer bound to her own number
    And Cecilia is a signer without a number
    And the agreement is sent for signing
    When Cecilia tries to sign with an e-mail code
    Then Cecilia is signed
    When Anna tries to sign with an e-mail code
    Then it is refused
    And Anna is not signed
    And no weaker way to sign is offered to Anna
    And the identity check of Anna is still pending

  @CFG-011 @must @needs:trust-levels
  Scenario Outline: The check applies at every level of signature: <level>
    Given an agreement in draft with trust level "<level>"
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And signing is blocked for Anna

    Examples:
      | level |
      | SES   |
      | AES   |
      | QES   |

  @CFG-012 @must
  Scenario: An eID of another country cannot show a Swedish number
    Given these test people
      | person | country |
      | Anna   | SE      |
      | Nora   | NO      |
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna tries to identify as Nora with Norwegian BankID
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

  @CFG-013 @must @needs:update-participant @repeat:5
  Scenario: The number in force is the one that was confirmed to the sender
    Given Anna is a signer bound to her own number
    When the sender sends the agreement and binds Anna to Bengt's number at the same moment
    And Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is passed only if the new number was accepted

  @CFG-014 @should @needs:update-participant
  Scenario: How the check is made is not for the sender to write
    Given Anna is a signer bound to her own number
    When the sender claims that the identity check of Anna is enforced by nothing
    Then the identity check of Anna is on
    And the identity check of Anna names its method

  @CFG-015 @must @core
  Scenario Outline: Nobody can write the outcome into the request: <claim>
    When the sender adds Anna as a signer and claims that the check is <claim>
    Then nobody was added without the identity check that was asked for
    And the identity check of Anna is not passed
    When the sender sends the agreement
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

    Examples:
      | claim          |
      | already passed |
      | off            |

  @CFG-015 @must @core @needs:update-participant
  Scenario: Nobody can write the outcome afterwards either
    Given Anna is a signer bound to her own number
    When the sender claims that the identity check of Anna is already passed
    Then the identity check of Anna is not passed
    And the identity check of Anna is on
    When the sender sends the agreement
    Then the identity check of Anna is still pending
    And signing is blocked for Anna

  @CFG-016 @must
  Scenario Outline: Wherever the number stands in the request, it counts or the request is refused: <place>
    When the sender adds Anna as a signer, the number <place>
    Then nobody was added without the identity check that was asked for

    Examples:
      | place                     |
      | at the top level          |
      | inside the identity check |
      | in both places            |

  @CFG-016 @must
  Scenario: Two different numbers in one request are refused
    When the sender adds Anna as a signer, the number at the top level and Bengt's inside the identity check
    Then it is refused
    And nobody was added without the identity check that was asked for

  @CFG-017 @must @needs:update-participant
  Scenario Outline: Only the sender decides whose identity is checked: <who>
    Given Anna is a signer bound to her own number
    When <who> tries to bind Anna to Bengt's number
    Then it is refused
    When <who> tries to turn the identity check of Anna off
    Then it is refused
    And the identity check of Anna is on
    When the sender sends the agreement
    And Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed

    Examples:
      | who                         |
      | somebody without credentials |
      | another customer            |
      | whoever holds the sign link |

  @CFG-018 @should
  Scenario: One person in two places identifies twice
    Given Anna is a signer bound to her own number
    When the sender adds Bengt as a signer bound to Anna's number
    Then it is refused, or the identity check of Bengt is on
    When the sender sends the agreement
    And Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the identity check of Bengt is not passed
