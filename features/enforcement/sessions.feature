Feature: One attempt, one person, one browser
  An identification belongs to the place it was begun for. Addresses can be copied, references swapped, pages opened twice: the
  result must always land where it belongs, and nowhere else.

  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft
    And Anna is a signer bound to her own number
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing

  @SES-001 @must @core @each-provider
  Scenario: Coming back is no evidence
    Given Anna has started identifying
    When Anna returns without having identified
    Then the identity check of Anna is still pending
    And it never was passed
    And signing is blocked for Anna

  @SES-002 @must @core
  Scenario Outline: What is added to the address is no evidence: <added>
    Given Anna has started identifying
    When Anna returns without having identified, with "<added>" added to the address
    Then the identity check of Anna is still pending
    And it never was passed

    Examples:
      | added                                               |
      | state=FINISHED&status=FINISHED&result=success       |
      | personalNumber=NUMBER&PersonalNumber=NUMBER         |
      | session=SESSION&identity[PersonalNumber]=NUMBER     |
      | identity_enforcement[status]=passed&verified=true   |

  @SES-003 @must @core @each-provider
  Scenario: Somebody else's finished session is not one's own
    Given Anna has started identifying
    And Bengt has started identifying
    When Anna's attempt finishes as Anna
    And Bengt returns with the session of Anna
    Then the identity check of Bengt is not passed
    And signing is blocked for Bengt
    And the identity check of Anna is passed

  @SES-003 @must @core
  Scenario: A session of the same person in another place does not count here
    Given Anna has started identifying
    And another agreement in draft
    And Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna's earlier attempt finishes as Anna
    Then the identity check of Anna is still pending
    And signing is blocked for Anna

  @SES-003 @must @core
  Scenario: Not even one's own number makes somebody else's session one's own
    Given Anna has started identifying
    And another agreement in draft
    And Bengt is a signer bound to Anna's number
    And the agreement is sent for signing
    And Bengt has started identifying
    When Anna's attempt finishes as Anna
    And Bengt returns with the session of Anna
    Then the identity check of Anna is passed
    And the identity check of Bengt is not passed
    And signing is blocked for Bengt

  @SES-004 @must @needs:webhook-in
  Scenario: A reference is not an identity
    Given Anna has started identifying
    And Bengt has started identifying
    When Bengt's attempt finishes as Bengt
    And a notification with the right signature about Bengt's session carries the reference of Anna
    Then the identity check of Anna is still pending
    And the identity check of Bengt is passed

  @SES-005 @must @core @each-provider
  Scenario: A return that was used is used up
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    When Bengt repeats the return of Anna
    Then the identity check of Bengt is still pending
    And signing is blocked for Bengt

  @SES-005 @must @core @needs:reopen @when:reopen=reset
  Scenario: A return from the last round is worth nothing in the next
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    When the sender reopens the agreement
    And the sender sends it again
    And Anna repeats the return of Anna
    Then the identity check of Anna is still pending
    And signing is blocked for Anna

  @SES-005 @must @core
  Scenario: A return from another agreement is worth nothing here
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    Given another agreement in draft
    And Bengt is a signer bound to Anna's number
    And the agreement is sent for signing
    When Bengt repeats the return of Anna
    Then the identity check of Bengt is still pending
    And signing is blocked for Bengt

  @SES-007 @should @when:same_browser=true
  Scenario: The browser that comes back is the one that left
    Given Anna has started identifying
    When Anna's attempt finishes in another browser
    Then the identity check of Anna is not passed

  @SES-008 @must
  Scenario: A sign link cannot be guessed
    Then the sign link of Anna cannot be guessed

  @SES-009 @must @core
  Scenario Outline: No hidden word opens the door: <added>
    When Bengt opens Anna's sign link, adds "<added>" to the request and identifies as Bengt
    Then the identity check of Anna is not passed
    And signing is blocked for Anna

    Examples:
      | added                          |
      | personnummerOverride=NUMBER    |
      | personal_number=NUMBER         |
      | personalNumber=NUMBER          |
      | test_identity=NUMBER           |
      | mock=NUMBER                    |
      | mock=true                      |
      | skip_enforcement=true          |
      | debug=true                     |

  @SES-009 @must @core
  Scenario Outline: No hidden word stands in for an identification: <added>
    When Anna starts identifying with "<added>" added to the request
    Then the identity check of Anna is still pending
    And signing is blocked for Anna

    Examples:
      | added                                        |
      | personnummerOverride=NUMBER                  |
      | mock=true                                    |
      | status=passed                                |

  @SES-010 @should @each-provider
  Scenario: The provider is not told whom to expect
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the provider was never told a number

  @SES-011 @must
  Scenario Outline: Nobody is led away to a strange page: <added>
    Given Anna has started identifying
    When Anna returns without having identified, with "<added>" added to the address
    Then the browser of Anna never left for "evil.test"

    Examples:
      | added                          |
      | target=EVIL&next=EVIL          |
      | returnUrl=//evil.test/&redirect_uri=EVIL |
      | success_url=EVIL&relaystate=EVIL |

  @SES-014 @must
  Scenario: Of two attempts never the replaced one passes, and somebody else in either of them counts
    Given Anna has started identifying
    When Anna starts identifying once more
    And Anna's earlier attempt finishes as Bengt
    Then the identity check of Anna is not passed
    And it never was passed

  @SES-014 @must @when:parallel_attempts=supersede
  Scenario: A newer attempt replaces the older one
    Given Anna has started identifying
    When Anna starts identifying once more
    And Anna's earlier attempt finishes as Anna
    Then the identity check of Anna is still pending
    And it never was passed
    When Anna's attempt finishes as Anna
    Then the identity check of Anna is passed

  @SES-014 @must @when:parallel_attempts=first-wins
  Scenario: Where the first attempt wins, it wins once
    Given Anna has started identifying
    When Anna starts identifying once more
    And Anna's earlier attempt finishes as Anna
    Then the identity check of Anna is passed
    And Anna has one outcome only
