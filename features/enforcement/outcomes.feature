Feature: Pending, passed, failed
  A check is pending until the provider has said for certain who authenticated. Then it is passed or failed, once, and nothing
  that comes late, twice or from elsewhere changes it.

  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing

  @OUT-001 @must @each-provider
  Scenario: The check is pending until it is decided, and has no fourth state
    Then the identity check of Anna is pending
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And every status seen was pending, passed or failed

  @OUT-002 @must @core
  Scenario Outline: Not knowing is not passing: <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is not passed
    And it never was passed
    And signing is blocked for Anna

    Examples:
      | report                                        |
      | still waits                                   |
      | reports that the user cancelled               |
      | answers with status 503                       |
      | says finished without saying who              |

    @provider:zignsec-v2 @provider:zignsec-v3 @provider:signicat
    Examples: where nothing is signed
      | report                                                |
      | says finished with an error beside the right identity |

  @OUT-003 @must @core @each-provider
  Scenario: A verified somebody else fails the check
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed

  @OUT-004 @must @core @each-provider
  Scenario Outline: While the provider waits, the check waits: <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is pending
    And it never was passed

    Examples:
      | report                                   |
      | still waits                              |

    @provider:zignsec-v2 @provider:zignsec-v3 @provider:signicat
    Examples: where nothing is signed
      | report                                   |
      | says pending beside the right identity   |

  @OUT-005 @must
  Scenario Outline: A mishap is nobody's failure: <report>
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is pending
    And it never was passed

    Examples:
      | report                          |
      | reports that the user cancelled |
      | reports an expired session      |
      | reports an internal error       |
      | reports a revoked eID           |
      | refuses the wrong person itself |
      | does not know the session       |
      | answers with a technical fault  |

  @OUT-006 @must @core @needs:webhook-in
  Scenario Outline: Who has passed stays passed: <what> comes later
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    When a notification with the right signature says that Anna's attempt <what>
    Then the identity check of Anna is still passed

    Examples:
      | what               |
      | finished as Bengt  |
      | is still pending   |
      | failed             |

  @OUT-006 @must @core @each-provider
  Scenario: Who has passed stays passed, however often the browser returns
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    When Anna reloads the return page 2 times
    Then the identity check of Anna is still passed
    And Anna can sign

  @OUT-006 @must @core
  Scenario: An older attempt that runs out later does not undo a pass
    Given Anna has started identifying
    When Anna starts identifying once more
    And Anna's attempt finishes as Anna
    Then the identity check of Anna is passed
    When 10 minutes pass
    Then the identity check of Anna is still passed

  @OUT-007 @must @core
  Scenario: A failed check does not pass through an attempt that was begun before
    Given Anna has started identifying
    When Anna starts identifying once more
    And Anna's attempt finishes as Bengt
    Then the identity check of Anna is failed
    When Anna's earlier attempt finishes as Anna
    Then the identity check of Anna is not passed
    And it never was passed

  @OUT-007 @must @core @needs:webhook-in
  Scenario: A failed check does not pass through good news about the attempt that failed
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    When a notification with the right signature says that Anna's attempt finished as Anna
    Then the identity check of Anna is still failed
    And it never was passed

  @OUT-007 @must @core @each-provider
  Scenario: A failed check does not pass by returning again
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    When Anna repeats the return of Bengt
    Then the identity check of Anna is still failed

  @OUT-008 @must @when:evidence=fetch
  Scenario Outline: The first answer counts: the provider <report>
    When Anna starts identifying and the provider <report>
    And Anna reloads the return page 2 times
    Then it never changed once it was decided
    And Anna has one outcome only

    Examples:
      | report                                                  |
      | names somebody else first and the right person afterwards |
      | names the right person first and somebody else afterwards |

  @OUT-008 @must @when:evidence=fetch @provider:zignsec-gateway @provider:signicat
  Scenario Outline: The first answer counts where nobody is led back too: the provider <report>
    When Anna starts identifying and the provider <report>
    Then it never changed once it was decided
    And Anna has one outcome only

    Examples:
      | report                                                    |
      | names somebody else first and the right person afterwards |
      | names the right person first and somebody else afterwards |

  @OUT-009 @must
  Scenario: After a failure the person gets as many tries as the service declares
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    When Anna tries to identify as Anna
    Then the identity check of Anna follows the declared number of tries

  @OUT-010 @must @needs:reopen @when:reopen=reset
  Scenario: A new round begins anew
    Given another agreement in draft
    And everybody is a signer bound to their own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    When the sender reopens the agreement
    And the sender sends it again
    Then the identity check of Anna is still pending
    And Anna is not signed
    And signing is blocked for Anna

  @OUT-010 @must @needs:reopen @when:reopen=keep
  Scenario: Where a new round keeps what was decided, it keeps failures too
    Given another agreement in draft
    And everybody is a signer bound to their own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    When the sender reopens the agreement
    And the sender sends it again
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

  @OUT-011 @should
  Scenario Outline: One way is enough to learn the result: Anna <course>
    When Anna identifies as Anna, <course>
    Then the identity check of Anna is passed

    Examples:
      | course                                        |
      | but no notification comes                     |
      | but never returns to the service              |
      | but never returns, and no notification comes  |

  @OUT-012 @must @needs:cancel
  Scenario: After the agreement is cancelled nothing is decided any more
    Given Anna has started identifying
    When the sender cancels the agreement
    And Anna's attempt finishes as Anna
    Then the identity check of Anna is not passed
    And no event tells that Anna passed
    And no event tells that Anna was fulfilled

  @OUT-012 @must @needs:delete @needs:reopen
  Scenario: Who has been deleted cannot pass
    Given Anna has started identifying
    When the sender reopens the agreement
    And the sender deletes Anna
    And Anna's earlier attempt finishes as Anna
    Then the identity check of Anna is not passed
    And no event tells that Anna passed

  @OUT-013 @should
  Scenario: Why it stands where it stands can be told apart
    Given another agreement in draft
    And these test people
      | person  |
      | Cecilia |
    And everybody is a signer bound to their own number
    And the agreement is sent for signing
    When Anna cancels in the app
    And Bengt starts identifying and the provider reports an internal error
    And Anna opens Cecilia's sign link and identifies as Anna
    Then a reason can be read for Anna
    And a reason can be read for Cecilia
    And the reasons of Anna, Bengt and Cecilia differ
    And no number of anybody is shown anywhere

  @OUT-014 @must
  Scenario Outline: Authenticated, but without a number: <country>
    Given another agreement in draft
    And these test people
      | person | country   |
      | Kim    | <country> |
    And Kim is a signer bound to their own number
    And the agreement is sent for signing
    When Kim starts identifying and the provider gives no number
    Then the identity check of Kim is pending
    And it never was passed
    And signing is blocked for Kim

    Examples:
      | country |
      | SE      |
      | NO      |
      | DK      |
      | FI      |
