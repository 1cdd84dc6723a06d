"""Answers by any server that speaks OpenAI's chat completions: vLLM, Ollama, a gateway."""
