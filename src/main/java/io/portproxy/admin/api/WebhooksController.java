package io.portproxy.admin.api;

import io.portproxy.admin.problem.NotFoundException;
import io.portproxy.webhook.Webhook;
import io.portproxy.webhook.WebhookView;
import io.portproxy.webhook.Webhooks;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Webhooks: programs that receive events. */
@RestController
@RequestMapping(path = "/api/v1/webhooks", produces = "application/json")
class WebhooksController {
    private final Webhooks webhooks;

    WebhooksController(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    /**
     * Lists the webhooks. They are in the order of the configuration, each with counts of its events since this process
     * started.
     */
    @GetMapping
    List<WebhookJson> listWebhooks() {
        return webhooks.all().stream()
                .map(Webhook::view)
                .map(WebhooksController::json)
                .toList();
    }

    /**
     * Sends a test to a webhook, without a retry, and shows the receiver's answer. The status is 200 even if the
     * receiver refuses the test.
     *
     * @param name the webhook's name
     */
    @PostMapping("/{name}/test")
    WebhookTestJson testWebhook(@PathVariable String name) throws InterruptedException {
        Webhook webhook =
                webhooks.find(name).orElseThrow(() -> new NotFoundException("no webhook has the name " + name));
        Webhook.Tested tested = webhook.test();
        return new WebhookTestJson(tested.taken(), tested.status(), tested.message(), tested.millis());
    }

    private static WebhookJson json(WebhookView view) {
        return new WebhookJson(
                view.name(),
                view.place(),
                view.events(),
                view.waiting(),
                view.sent(),
                view.failed(),
                view.gaveUp(),
                view.dropped(),
                view.lastSent(),
                view.trouble());
    }
}
