package io.portproxy.admin.api;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The configuration. */
@RestController
@RequestMapping(path = "/api/v1/config", produces = "application/json")
class ConfigController {
    private final EffectiveConfiguration configuration;

    ConfigController(EffectiveConfiguration configuration) {
        this.configuration = configuration;
    }

    /** Shows the configuration in effect. It includes defaults, but no secrets. */
    @GetMapping
    EffectiveConfiguration getConfig() {
        return configuration;
    }
}
