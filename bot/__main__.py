"""`python -m bot`: run the bot with the settings in the environment."""

import sys


def main() -> int:
    """Run the bot; the exit status is 2, after one sentence, when it cannot start."""
    # Imported here, since the pool's worker processes import this module again.
    import asyncio

    from bot import logs
    from bot.app import serve
    from bot.settings import BadSettings, load_settings
    from bot.tasks.stop import CannotStart
    from inference.bundles import BadBundle
    from inference.pool import WorkerLost

    try:
        settings = load_settings()
        logs.set_up(settings.log_level)
        asyncio.run(serve(settings))
    except (BadSettings, CannotStart) as error:
        print(error, file=sys.stderr)
        return 2
    except (BadBundle, WorkerLost) as error:
        print(f"The models cannot be loaded: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
