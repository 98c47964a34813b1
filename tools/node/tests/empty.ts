// A test without tests.
export {};
