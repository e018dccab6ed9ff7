/** Says what the asterisks of a form mean. */
import { Text } from '@mantine/core';

export function RequiredNote() {
  return (
    <Text size="xs" c="dimmed">
      Fields with an asterisk (*) are required.
    </Text>
  );
}
