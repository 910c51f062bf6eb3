package io.portproxy.admin;

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

    /** What is in effect, defaults too; without secrets. */
    @GetMapping
    EffectiveConfiguration config() {
        return configuration;
    }
}
