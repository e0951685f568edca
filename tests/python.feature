Feature: Only the right person signs
  Background:
    Given these test people
      | person |
      | Anna   |
      | Bengt  |
    And an agreement in draft

  @XCK-001
  Scenario: The right person
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed
    And Anna can sign

  @XCK-002
  Scenario: Somebody else
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    When Bengt opens Anna's sign link and identifies as Bengt
    Then the identity check of Anna is failed
    And it never was passed
    And signing is blocked for Anna

  @BLK-001
  Scenario: Nobody yet
    Given Anna is a signer bound to her own number
    And the agreement is sent for signing
    Then signing is blocked for Anna

  @NRM-001
  Scenario Outline: A way to write the number that is not declared may be refused: <way>
    Given Anna is a signer bound to her own number, written as "<way>"
    And the agreement is sent for signing
    When Anna opens her sign link and identifies as Anna
    Then the identity check of Anna is passed

    Examples:
      | way           |
      | YYYYMMDD-NNNN |
      | YYMMDDNNNN    |

  @CFG-001
  Scenario: There is no draft to look at
    Given Anna is a signer bound to her own number
    Then the identity check of Anna is pending

  @XCK-001
  Scenario: Norwegians are no customers
    Given these test people
      | person | country |
      | Nora   | NO      |
    And Nora is a signer bound to her own number
    And the agreement is sent for signing
    When Nora opens her sign link and identifies as Nora
    Then the identity check of Nora is passed
