Feature: What can be shown afterwards
  A year later somebody asks who was checked, when and how. The answer has to be there, complete, in the right order, and without
  a single number in it.

  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft
    And Anna is a signer bound to her own number

  @AUD-001 @must @needs:events
  Scenario: A passed check leaves its trace
    Given the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the events tell that Anna started identifying
    And the events tell that Anna passed
    And no event tells that Anna failed

  @AUD-001 @must @needs:events
  Scenario: A failed check leaves its trace
    Given the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And the events tell that Anna failed
    And no event tells that Anna passed

  @AUD-001 @must @needs:events
  Scenario: Attempts that came to nothing leave their trace too
    Given the agreement is sent for signing
    When Anna cancels in the app
    Then the events tell that Anna cancelled
    When Anna starts identifying and the provider reports an internal error
    Then the events tell that Anna met a provider error
    And no event tells that Anna passed

  @AUD-002 @must @needs:events
  Scenario: The trace holds no numbers
    Given Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    And Anna opens Bengt's sign link and identifies as Anna
    Then the events tell that Anna passed
    And Anna's number is in none of the events
    And Bengt's number is in none of the events

  @AUD-003 @must @needs:outbound-webhooks
  Scenario: The sender's system is told who passed
    Given the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the outgoing notification that Anna passed names the person and the agreement

  @AUD-003 @must @needs:outbound-webhooks
  Scenario: The sender's system is told who failed
    Given the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the outgoing notification that Anna failed names the person and the agreement

  @AUD-004 @must @needs:events @needs:update-participant
  Scenario: Who asked for the check, changed it or gave it up can be seen
    When the sender binds Anna to Bengt's number
    And the sender turns the identity check of Anna off
    Then the events tell that Anna was bound
    And the events tell that Anna was bound anew
    And the events tell that Anna was released from the check

  @AUD-005 @should @needs:outbound-webhooks
  Scenario: Outgoing notifications are signed, and sent again when the receiver is down
    Given the receiver of outgoing notifications fails at first
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the outgoing notification that Anna passed names the person and the agreement
    And the outgoing notifications are signed

  @AUD-006 @must @needs:sign @needs:outbound-webhooks
  Scenario: First the check, then the signature
    Given the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    And Anna signs
    Then Anna is signed
    And the events tell first that Anna passed and then that Anna was fulfilled

  @AUD-006 @must @needs:sign @needs:outbound-webhooks
  Scenario: After a failure no signature is told
    Given the agreement is sent for signing
    When Bengt goes all the way to a signature as Bengt on Anna's sign link
    Then exactly one event tells that Anna failed
    And no event tells that Anna was fulfilled

  @AUD-008 @should @needs:events
  Scenario: The times are in order
    Given the agreement is sent for signing
    When Anna cancels in the app
    And Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the times of the events are in order
