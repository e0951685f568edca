Feature: The number stays where it belongs
  A national number opens many doors. The service needs it for one comparison; nobody needs to see it afterwards: not the sender,
  not the next signer, not whoever reads the log. And who came by mistake is nobody's business at all.

  Background:
    Given these test people
      | person  |
      | Anna    |
      | Bengt   |
    And an agreement in draft

  @PRI-001 @PRI-015 @must @each-provider
  Scenario: On the way to a pass no number is shown
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And Anna's number is in no answer of the service
    And Anna's number is in no page or cookie
    And no number of anybody is shown anywhere

  @PRI-001 @must @each-provider
  Scenario: On the way to a failure no number is shown
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And no number of anybody is shown anywhere

  @PRI-002 @must @needs:outbound-webhooks
  Scenario: Outgoing notifications hold no number
    Given Anna is a signer bound to her own number
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    And Anna opens Bengt's sign link and identifies as Anna
    Then the events tell that Anna passed
    And the events tell that Bengt failed
    And Anna's number is in no outgoing notification
    And Bengt's number is in no outgoing notification

  @PRI-003 @must
  Scenario Outline: A refusal does not repeat the number: <what>
    When the sender adds Anna as a signer, the number written as "<written>"
    Then it is refused, or Anna has to identify first
    And Anna's number is in no answer of the service

    Examples:
      | what             | written             |
      | one digit more   | YYYYMMDDNNNN1       |
      | a letter at the end | YYYYMMDDNNNNQ    |
      | a comment        | YYYYMMDD-NNNN Ltd   |

  @PRI-003 @must
  Scenario Outline: Nor does the refusal of a number in the wrong place: <field>
    When the sender adds Anna with the number as the <field>
    Then Anna's number is in no answer of the service

    Examples:
      | field   |
      | role    |
      | country |

  @PRI-004 @must @each-provider
  Scenario: No address holds a number
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And Anna's number is in no address

  @PRI-004 @must
  Scenario: Nor does an address hold a number that was typed
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens Anna's sign link, types Anna's number and identifies as Anna
    Then the identity check of Anna is passed
    And Anna's number is in no address

  @PRI-005 @must @needs:sign
  Scenario: What is sent by e-mail holds no number
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    And Anna signs
    Then Anna is signed
    And Anna's number is in no e-mail

  @PRI-006 @PRI-014 @must @needs:log
  Scenario Outline: The log holds no number, also when something goes wrong: the provider <report>
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying and the provider <report>
    Then the identity check of Anna is pending
    And Anna's number is not in the log
    And no credential of the service is shown anywhere

    Examples:
      | report                                                |
      | answers with half an answer                           |

    @provider:zignsec-v2 @provider:zignsec-v3 @provider:signicat
    Examples: where nothing is signed
      | report                                                |
      | says finished with an error beside the right identity |
      | says an unknown state beside the right identity       |

    @provider:zignsec-gateway
    Examples: where the identity is signed
      | report                                             |
      | sends the identity under another signature         |
      | says approved and signs that it was rejected       |

  @PRI-006 @must @needs:log
  Scenario: The log holds no number of whoever passed or failed
    Given Anna is a signer bound to her own number
    And Bengt is a signer bound to his own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    And Anna opens Bengt's sign link and identifies as Anna
    Then the identity check of Bengt is failed
    And Anna's number is not in the log
    And Bengt's number is not in the log

  @PRI-007 @must @each-provider
  Scenario: Who came by mistake is not told to the sender
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And the sender learns neither Bengt's name nor number

  @PRI-007 @must @needs:storage
  Scenario: Who came by mistake is not kept
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And nothing of Bengt is kept

  @PRI-008 @must @needs:restart @exclusive @when:number_storage=digest
  Scenario: After a restart the service cannot know the number any more
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When the service restarts
    And Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the provider was never told a number

  @PRI-009 @must @needs:storage
  Scenario: The storage can be stolen without the numbers
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And the storage holds neither Anna's number nor a plain digest of it

  @PRI-010 @PRI-016 @must
  Scenario: That two places have the same number is not to be seen
    Given these test people
      | person  |
      | Cecilia |
      | David   |
    And Anna is a signer bound to Anna's number
    And Bengt is a signer bound to Anna's number
    And Cecilia is a signer bound to her own number
    And David is a signer bound to his own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And nobody can see that Anna and Bengt have the same number

  @PRI-012 @should
  Scenario: Nobody can try numbers out at the sign link
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna starts identifying, typing Bengt's number
    And Anna starts identifying, typing Anna's number
    Then the answer to the right number is like the answer to a wrong one

  @PRI-013 @must @needs:storage @needs:update-participant @exclusive
  Scenario: With the check the number goes too
    Given Anna is a signer without a number
    When the storage is looked at
    And the sender binds Anna to Anna's number
    And the storage is looked at
    And the sender turns the identity check of Anna off
    Then what came into the storage with the number is gone again

  @PRI-018 @should @each-provider
  Scenario: The provider is asked for no more than is needed
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the provider was asked only for what is needed

  @PRI-019 @should
  Scenario: Pages about a person are not kept by browsers
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the pages of Anna are not to be stored
