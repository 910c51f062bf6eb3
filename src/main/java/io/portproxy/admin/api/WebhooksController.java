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

/** Who is told what happens. */
@RestController
@RequestMapping(path = "/api/v1/webhooks", produces = "application/json")
class WebhooksController {
    private final Webhooks webhooks;

    WebhooksController(Webhooks webhooks) {
        this.webhooks = webhooks;
    }

    /**
     * Lists the programs that are told what happens. They come in the order of the configuration, each with what has become of its events since this
     * process started.
     */
    @GetMapping
    List<WebhookJson> listWebhooks() {
        return webhooks.all().stream()
                .map(Webhook::view)
                .map(WebhooksController::json)
                .toList();
    }

    /**
     * Sends a test to a webhook, once and at once, and says what the receiver has answered. The answer is 200 also when the receiver does not take it.
     *
     * @param name what the webhook is called
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
