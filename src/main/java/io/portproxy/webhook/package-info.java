/**
 * Reports events to other programs by HTTP. {@link io.portproxy.webhook.Webhooks} receives all events. Each
 * {@link io.portproxy.webhook.Webhook} sends the types of events that it is configured for, with its own queue and thread.
 */
@NullMarked
package io.portproxy.webhook;

import org.jspecify.annotations.NullMarked;
