Feature: Everything at the same time
  The browser returns, the notification arrives and the service asks, all within a second; people open two windows; services are
  restarted at lunch time. One identification is still one outcome, for one person.

  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft

  @CON-001 @must @repeat:5
  Scenario: Return and notifications together are one result
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When the return of Anna and 3 notifications come at the same moment
    Then the identity check of Anna is passed
    And Anna has one outcome only

  @CON-001 @must @needs:events @repeat:5
  Scenario: Return and notifications together are one event
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When the return of Anna and 3 notifications come at the same moment
    Then exactly one event tells that Anna passed

  @CON-002 @must @repeat:5
  Scenario: Two attempts that end together have one outcome
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When Anna starts identifying once more
    And both attempts of Anna finish at the same moment, the earlier as Bengt and the later as Anna
    Then Anna has one outcome only

  @CON-002 @must @when:parallel_attempts=supersede @repeat:5
  Scenario: Of two attempts that end together the replaced one never passes
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When Anna starts identifying once more
    And both attempts of Anna finish at the same moment, the earlier as Anna and the later as Bengt
    Then the identity check of Anna is failed
    And it never was passed
    And Anna has one outcome only

  @CON-003 @must @needs:outbound-webhooks
  Scenario: One pass is told once
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna identifies as Anna, and the notification comes twenty times
    Then exactly one event tells that Anna passed

  @CON-003 @must @needs:outbound-webhooks
  Scenario: One failure is told once
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    And Bengt reloads the return page 3 times
    Then exactly one event tells that Anna failed
    And no event tells that Anna passed

  @CON-004 @must @each-provider
  Scenario: Reloading the return page is harmless
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    And Anna reloads the return page 3 times
    Then the identity check of Anna is passed
    And Anna has one outcome only
    And Anna can sign

  @CON-005 @must @repeat:5
  Scenario: Signers at the same time do not disturb each other
    Given Anna is a signer bound to her own number
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When these people identify at the same moment
      | person | as    |
      | Anna   | Anna  |
      | Bengt  | Anna  |
    Then these identity checks hold
      | person | status |
      | Anna   | passed |
      | Bengt  | failed |

  @CON-006 @must @core @needs:reopen @needs:update-participant
  Scenario Outline: An attempt from before the number was changed is worthless, also for <who>
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When the sender reopens the agreement
    And the sender binds Anna to Bengt's number
    And the sender sends it again
    And Anna's earlier attempt finishes as <who>
    Then the identity check of Anna is not passed
    And it never was passed
    And signing is blocked for Anna

    Examples:
      | who   |
      | Anna  |
      | Bengt |

  @CON-006 @must @core @needs:update-participant @when:binding_change=versioned
  Scenario Outline: Where the number may change at any time, attempts from before are worthless, also for <who>
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When the sender binds Anna to Bengt's number
    And Anna's earlier attempt finishes as <who>
    Then the identity check of Anna is not passed

    Examples:
      | who   |
      | Anna  |
      | Bengt |

  @CON-007 @must @needs:sign @repeat:5
  Scenario: A signature that races with the wrong person's identification is not made
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna tries to sign while Bengt identifies on her link
    Then the identity check of Anna is failed
    And Anna is not signed

  @CON-008 @must @repeat:5
  Scenario: Sending while somebody is added leaves nobody unchecked
    Given Bengt is a signer bound to his own number
    When the sender sends the agreement and adds Anna at the same moment
    Then nobody was added without the identity check that was asked for

  @CON-009 @must @needs:restart @exclusive
  Scenario: A crash between the provider's answer and the service's note loses nothing
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Anna has started identifying
    When the service restarts while it waits for the provider to say who Anna is
    And Anna tries to identify as Anna
    Then the identity check of Anna is passed
    And Anna has one outcome only

  @CON-009 @must @needs:restart @exclusive
  Scenario: A crash does not turn the wrong person into the right one
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    And Bengt opens Anna's sign link and identifies as Bengt
    When the service restarts
    Then the identity check of Anna is failed
    And signing is blocked for Anna

  @CON-010 @should
  Scenario: A request that is sent twice does not make an unchecked signer
    When the sender sends the request to add Anna twice
    Then nobody was added without the identity check that was asked for

  @CON-011 @must @repeat:5
  Scenario: Two windows opened at once have one outcome
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying 2 times at the same moment
    Then the identity check of Anna is passed
    And Anna has one outcome only

  @CON-012 @must @repeat:5
  Scenario: Many at once, and each is judged by their own result
    Given these test people
      | person  |
      | Cecilia |
      | David   |
      | Eva     |
      | Fredrik |
      | Gun     |
      | Hugo    |
    And everybody is a signer bound to their own number
    And the agreement is sent for signing
    When these people identify at the same moment
      | person  | as      |
      | Anna    | Anna    |
      | Bengt   | Cecilia |
      | Cecilia | Cecilia |
      | David   | Eva     |
      | Eva     | Eva     |
      | Fredrik | Gun     |
      | Gun     | Gun     |
      | Hugo    | Anna    |
    Then these identity checks hold
      | person  | status |
      | Anna    | passed |
      | Bengt   | failed |
      | Cecilia | passed |
      | David   | failed |
      | Eva     | passed |
      | Fredrik | failed |
      | Gun     | passed |
      | Hugo    | failed |
