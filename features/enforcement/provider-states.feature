Feature: Whatever the provider says
  Providers wait, fail, contradict themselves and send web pages. Only one answer is a pass: finished, without an error, with the
  identity of the right person. Everything else leaves the check undecided, and the person can try again.

  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing

  @PRV-001 @must
  Scenario Outline: When nothing can be started, the person can come back later: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is pending
    And the service still answers
    When the provider recovers
    And Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | report                           |
      | refuses to start                 |
      | answers the start with status 500 |

  @PRV-002 @must @each-provider @provider:zignsec-v2 @provider:zignsec-v3
  Scenario: Pending is pending, whatever stands beside it
    When Anna starts identifying and the provider says pending beside the right identity
    Then the identity check of Anna is pending
    And it never was passed

  @PRV-003 @must @each-provider
  Scenario: The success as the provider documents it
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @PRV-004 @must @core
  Scenario Outline: Finished is not enough: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is pending
    And it never was passed
    And signing is blocked for Anna

    Examples:
      | report                                                |
      | says finished without saying who                      |
      | says finished with an error beside the right identity |

  @PRV-005 @must
  Scenario: An error ends the attempt, not the check
    When Anna starts identifying and the provider reports an internal error
    Then the identity check of Anna is pending
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @PRV-006 @must @each-provider
  Scenario: Who cancels can begin again
    When Anna cancels in the app
    Then the identity check of Anna is pending
    And it never was passed
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @PRV-007 @should
  Scenario: Who cancels is not left alone with an error page
    When Anna cancels in the app
    Then Anna lands on a page of the service that answers

  @PRV-008 @must @each-provider @provider:zignsec-v2 @provider:zignsec-v3 @provider:signicat
  Scenario: A word that no document has is not success
    When Anna starts identifying and the provider says an unknown state beside the right identity
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

  @PRV-009 @must @each-provider
  Scenario Outline: What cannot be read says nothing: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is pending
    And it never was passed
    And the service still answers

    Examples:
      | report                                  |
      | answers with a web page instead of data |
      | answers with plain text                 |
      | answers with half an answer             |
      | answers with nothing                    |
      | answers with a list                     |
      | answers with the wrong types            |
      | answers with an endless text            |

  @PRV-010 @must @core @each-provider
  Scenario Outline: A provider that is down passes nobody: it <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

    Examples:
      | report                  |
      | answers with status 500 |
      | answers with status 503 |
      | breaks the connection   |
      | does not answer         |

  @PRV-010 @must @core @each-provider
  Scenario: When the provider is back, the person gets through
    When Anna starts identifying and the provider answers with status 503
    And the provider recovers
    And Anna tries to identify as Anna
    Then the identity check of Anna is passed

  @PRV-011 @should
  Scenario: The provider is not asked all the time
    When Anna starts identifying and the provider still waits
    Then the identity check of Anna is pending
    And the provider was never asked more than 5 times a second

  @PRV-012 @must
  Scenario: One person's slow provider does not hold up the others
    Given another agreement in draft
    And Anna is a signer bound to her own number
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider does not answer
    And Bengt opens his sign link and identifies as Bengt
    Then the identity check of Bengt is passed
    And the identity check of Anna is not passed

  @PRV-013 @must @each-provider
  Scenario: A session that the provider has forgotten decides nothing
    When Anna starts identifying and the provider does not know the session
    Then the identity check of Anna is pending
    And it never was passed

  @PRV-014 @must
  Scenario: A login that the provider refuses is the service's trouble, and stays its secret
    When Anna starts identifying and the provider answers that the login is wrong
    Then the identity check of Anna is pending
    And it never was passed
    And no credential of the service is shown anywhere

  @PRV-015 @must @each-provider
  Scenario: An attempt that nobody finishes ends, and the person can begin again
    Given Anna has started identifying
    When Anna's identification has timed out
    Then the identity check of Anna is pending
    And it never was passed
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @PRV-016 @must @when:parallel_attempts=supersede
  Scenario: A result that comes after its attempt was replaced does not count
    Given Anna has started identifying
    When Anna starts identifying once more
    And Anna's earlier attempt finishes as Anna
    Then the identity check of Anna is not passed

  @PRV-016 @must @when:evidence=fetch
  Scenario: A result that comes after its attempt had expired does not count
    When Anna starts identifying and the provider reports an expired session first and the right person afterwards
    And Anna reloads the return page 2 times
    Then the identity check of Anna is not passed

  @PRV-016 @must @when:evidence=fetch @provider:zignsec-gateway @provider:signicat
  Scenario: Nor does it where nobody is led back
    When Anna starts identifying and the provider reports an expired session first and the right person afterwards
    Then the identity check of Anna is not passed

  @PRV-017 @must @needs:cancel
  Scenario: A link at the provider that outlives the agreement opens nothing
    Given Anna has started identifying
    When the sender cancels the agreement
    And 2 minutes pass
    And Anna's attempt finishes as Anna
    Then the identity check of Anna is not passed
    And Anna is not signed

  @PRV-017 @must @needs:reopen
  Scenario: A link at the provider that outlives the round opens nothing
    Given Anna has started identifying
    When the sender reopens the agreement
    And the sender sends it again
    And Anna's earlier attempt finishes as Anna
    Then the identity check of Anna is not passed

  @PRV-018 @should @each-provider
  Scenario: After the end the provider is left in peace
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the provider was asked at most 2 times after the end

  @PRV-019 @must @core @provider:zignsec-gateway
  Scenario Outline: Approved is success, and nothing else is: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is pending
    And it never was passed
    And signing is blocked for Anna

    Examples:
      | report                                           |
      | still waits                                      |
      | reports that the user cancelled                  |
      | reports an expired session                       |
      | reports an internal error                        |
      | reports a revoked eID                            |
      | refuses the wrong person itself                  |
      | says approved and signs that it was rejected     |

  @PRV-002 @PRV-008 @should @provider:zignsec-gateway
  Scenario Outline: Words around a signed yes that contradict it make it doubtful: the provider <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed

    Examples:
      | report                                           |
      | says pending beside the right identity           |
      | says an unknown state beside the right identity  |

  @PRV-019 @must @core @provider:zignsec-gateway
  Scenario: Approved is success
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @PRV-020 @must @provider:zignsec-gateway
  Scenario Outline: What is signed decides, whatever stands around it: the provider <habit>
    Given the provider <habit>
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | habit                                    |
      | says its status only in what it signs    |
      | says its status beside what it signs too |
      | signs its words in another order         |

  @PRV-020 @must @provider:zignsec-gateway
  Scenario: Without a status outside, somebody else is still somebody else
    Given the provider says its status only in what it signs
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed

  @PRV-021 @should @provider:zignsec-gateway
  Scenario: Another wrapping holds the same
    Given the provider wraps its results once more
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @PRV-021 @should @provider:zignsec-gateway @needs:webhook-in
  Scenario: Another wrapping of a notification holds the same
    Given the provider wraps its results once more
    And Anna has started identifying
    When Anna's attempt finishes as Anna
    And a notification with the right signature says that Anna's attempt finished as Anna
    Then the notification is accepted
    And the identity check of Anna is passed

  @PRV-028 @must @provider:zignsec-gateway
  Scenario: A yes around a signed no is a no
    When Anna starts identifying and the provider says approved and signs that it was rejected
    Then the identity check of Anna is not passed
    And signing is blocked for Anna
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

  @PRV-028 @should @provider:zignsec-gateway
  Scenario: A no around a signed yes is no yes either
    When Anna starts identifying and the provider says rejected and signs that it was approved
    Then the identity check of Anna is not passed

  @PRV-029 @should @each-provider
  Scenario: Yesterday's identification is not today's
    When Anna starts identifying and the provider gives yesterday's identification
    Then the identity check of Anna is not passed

  @PRV-030 @should @each-provider
  Scenario: An answer about another session is no answer
    When Anna starts identifying and the provider answers about another session
    Then the identity check of Anna is not passed

  @PRV-031 @must
  Scenario: Names with Å, Ä and Ö and everything else that a full answer holds are no obstacle
    Given another agreement in draft
    And these test people
      | person | country | number       |
      | Örjan  | SE      | 197206189859 |
    And Örjan is a signer bound to his own number
    And the agreement is sent for signing
    When Örjan opens his sign link and identifies as Örjan
    Then the identity check of Örjan is passed

  @PRV-032 @must @each-provider
  Scenario: Of two attempts one decides, and only once
    Given Anna has started identifying
    When Anna starts identifying once more
    And Anna's attempt finishes as Anna
    Then the identity check of Anna is passed
    And Anna has one outcome only
