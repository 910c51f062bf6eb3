package io.portproxy.admin.api;

import io.swagger.v3.oas.annotations.media.Schema;

/**
 * The result of a test of a webhook.
 *
 * @param taken whether the receiver accepted the test
 * @param status the status of its answer; 0 if there was none
 * @param message why the test was not accepted; empty if it was
 * @param millis how long it took, in milliseconds
 */
@Schema(name = "WebhookTest")
record WebhookTestJson(boolean taken, int status, String message, long millis) {}
