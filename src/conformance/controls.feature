Feature: Controls
  Background:
    Given these test people
      | person |
      | Anna   |
    And an agreement in draft

  @each-provider
  Scenario: The right person identifies and signs
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And Anna can sign

  @each-provider @needs:weak-methods
  Scenario: A signer without a number signs weakly
    Given Anna is a signer without a number
    And the agreement is sent for signing
    When Anna tries to sign with an e-mail code
    Then Anna is signed

  @each-provider @needs:update-participant
  Scenario: A number is bound in draft
    Given Anna is a signer without a number
    When the sender binds Anna to Anna's number
    Then the identity check of Anna is on

  @each-provider @needs:webhook-in
  Scenario: A genuine notification is accepted
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When Anna's attempt finishes as Anna
    And a notification with the right signature says that Anna's attempt finished as Anna
    Then the notification is accepted

  @each-provider @needs:batch
  Scenario: Several are added in one go
    When the sender adds these people in one go
      | person | written      |
      | Anna   | YYYYMMDDNNNN |
    Then the identity check of Anna is on
