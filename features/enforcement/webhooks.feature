@needs:webhook-in
Feature: Notifications from the provider, and from others
  Anybody on the internet can send the service a notification. Only one that the provider signed, over exactly these bytes and
  about exactly this session, may have an effect. That a bad one is also turned away with an error is good manners; that it has
  no effect is the rule.

  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft
    And Anna is a signer bound to her own number
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing
    And Anna has started identifying

  @WHK-001 @must @core @each-provider
  Scenario: A forged notification changes nothing
    When a notification with a wrong signature says that Anna's attempt finished as Anna
    Then the identity check of Anna is still pending
    And signing is blocked for Anna
    And the notification is turned away

  @WHK-001 @must @core @each-provider
  Scenario: A genuine notification gets through: the door is not simply walled up
    When Anna identifies as Anna, but never returns to the service
    Then the identity check of Anna is passed

  @WHK-002 @must @each-provider
  Scenario Outline: A notification <seal> changes nothing
    When a notification <seal> says that Anna's attempt finished as Anna
    Then the identity check of Anna is still pending
    And signing is blocked for Anna
    And the notification is turned away

    Examples:
      | seal                        |
      | without a signature         |
      | with an empty signature     |
      | signed with an empty key    |
      | with a cut-off signature    |

  @WHK-003 @must @each-provider
  Scenario: What is rightly signed is accepted, however it is written
    When Anna's attempt finishes as Anna
    And a notification in an unusual spelling, rightly signed says that Anna's attempt finished as Anna
    Then the notification is accepted
    And the identity check of Anna is passed

  @WHK-003 @must @each-provider
  Scenario Outline: A signature holds for exactly the bytes it was made over: <seal>
    When a notification <seal> says that Anna's attempt finished as Anna
    Then the identity check of Anna is still pending
    And signing is blocked for Anna
    And the notification is turned away

    Examples:
      | seal                         |
      | rewritten after signing      |
      | with the identity twice      |

  @WHK-004 @must @provider:zignsec-gateway
  Scenario Outline: A recorded notification is not good for ever: <seal>
    When a notification <seal> says that Anna's attempt finished as Anna
    Then the identity check of Anna is still pending
    And signing is blocked for Anna
    And the notification is turned away

    Examples:
      | seal                         |
      | signed an hour ago           |
      | signed an hour ahead of time |

  @WHK-005 @must @each-provider
  Scenario: A notification that was changed on the way changes nothing
    When a notification changed after signing says that Anna's attempt finished as Anna
    Then the identity check of Anna is still pending
    And signing is blocked for Anna
    And the notification is turned away

  @WHK-006 @must @core @each-provider
  Scenario: A genuine notification about somebody else's session passes only that person
    Given Bengt has started identifying
    When Bengt's attempt finishes as Bengt
    And a notification with the right signature about Bengt's session carries the reference of Anna
    Then the identity check of Bengt is passed
    And the identity check of Anna is still pending
    And signing is blocked for Anna

  @WHK-006 @must @core @each-provider
  Scenario: A genuine notification about a session that the service never began changes nothing
    When a notification with the right signature about an unknown session says that Anna finished
    Then the identity check of Anna is still pending
    And signing is blocked for Anna

  @WHK-007 @must @each-provider
  Scenario: The same notification twenty times is one result
    When Anna identifies as Anna, and the notification comes twenty times
    Then the identity check of Anna is passed
    And Anna has one outcome only

  @WHK-008 @must @each-provider
  Scenario: Old news does not undo newer news
    When Anna's attempt finishes as Anna
    Then the identity check of Anna is passed
    When a notification with the right signature says that Anna's attempt is still pending
    Then the identity check of Anna is still passed
    When a notification with the right signature says that Anna's attempt failed
    Then the identity check of Anna is still passed

  @WHK-008 @must @each-provider
  Scenario: A notification that comes a minute late finds everything as it was
    When Anna identifies as Anna, and the notification comes a minute late
    Then the identity check of Anna is passed
    And Anna has one outcome only

  @WHK-009 @must @when:evidence=fetch
  Scenario: Where notification and provider disagree, nobody passes
    When a notification with the right signature says that Anna's attempt finished as Anna
    Then the identity check of Anna is still pending
    And it never was passed

  @WHK-009 @must @when:evidence=fetch
  Scenario: Where the notification names Anna and the provider Bengt, Anna does not pass
    When Anna's attempt finishes as Bengt
    And a notification with the right signature says that Anna's attempt finished as Anna
    Then the identity check of Anna is not passed
    And it never was passed

  @WHK-010 @should
  Scenario: The sender of a notification does not have to wait
    When Anna's attempt finishes as Anna
    And a notification with the right signature says that Anna's attempt finished as Anna
    Then the notification is answered within 5 seconds

  @WHK-010 @should
  Scenario: Nor has it to wait while the provider itself is slow
    Given Bengt starts identifying and the provider does not answer
    When a notification with the right signature says that Bengt's attempt finished as Bengt
    Then the notification is answered within 5 seconds

  @WHK-011 @must
  Scenario Outline: A notification <seal> has no effect
    When a notification <seal> says that Anna's attempt finished as Anna
    Then the identity check of Anna is still pending
    And signing is blocked for Anna
    And the service still answers

    Examples:
      | seal                |
      | sent with GET       |
      | sent as XML         |
      | of twenty megabytes |

  @WHK-012 @must @provider:zignsec-gateway
  Scenario: A signature in another scheme is not taken for the right one
    When a notification signed in another scheme says that Anna's attempt finished as Anna
    Then the identity check of Anna is still pending
    And signing is blocked for Anna
    And the notification is turned away

  @WHK-012 @must @provider:zignsec-gateway
  Scenario Outline: While a secret is exchanged, one right signature is enough: the provider <habit>
    Given the provider <habit>
    When Anna's attempt finishes as Anna
    And a notification with the right signature says that Anna's attempt finished as Anna
    Then the notification is accepted
    And the identity check of Anna is passed

    Examples:
      | habit                                                          |
      | signs its notifications with the present secret and the next   |
      | signs its notifications with the former secret and the present |

  @WHK-013 @should
  Scenario: A lost notification strands nobody
    When Anna identifies as Anna, but no notification comes
    Then the identity check of Anna is passed
